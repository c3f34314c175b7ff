"""Names of kernels of conda-store's environments: those for programs, those for people.

    conda-store-<namespace>-<environment>-<server>-<build>-<kernel>    a kernel of a copy that is here
    conda-store-<namespace>-<environment>-<server>-<build>             of that build, here or not
    conda-store-<namespace>-<environment>-<digest>                     of whatever build is the active one

`<server>` is eight hexadecimal digits, `<digest>` sixteen of server, namespace and environment. Those make
a name unique; namespace and environment are there for people, cut and with every other character as `_`, so
that a `-` only ever separates. Who reads a name back looks at `metadata.conda_store`, never at the name.
"""

from __future__ import annotations

import hashlib
import re
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..errors import InvalidRequest
from ..models.build_ref import BuildRef, EnvironmentRef

METADATA = "conda_store"  # the key in a kernelspec's and in a notebook's metadata
NAME_PART = 32  # characters of a namespace or environment that a kernel's name shows
PINNED_TEMPLATE = "{environment} ({namespace} #{build})"
UNPINNED_TEMPLATE = "{environment} ({namespace})"
FIELDS = ("environment", "namespace", "build", "language", "server")

_OF_A_COPY = re.compile(r"conda-store-[^-]*-[^-]*-([0-9a-f]{8}-[0-9]+)-.+")
_LANGUAGES = {"python": "Python", "r": "R", "javascript": "JavaScript", "typescript": "TypeScript"}


@dataclass(frozen=True)
class KernelIdentity(EnvironmentRef):
    """The owner of a kernel: one build, or an environment whose active build it tracks (`build_id` None)."""

    build_id: int | None

    def __str__(self) -> str:
        """Return it as people write it."""
        build = "" if self.build_id is None else f" #{self.build_id}"
        return f"{self.namespace}/{self.environment}{build}"

    @property
    def build(self) -> BuildRef | None:
        """The build, where it is one."""
        if self.build_id is None:
            return None
        return BuildRef(self.server, self.namespace, self.environment, self.build_id)

    @classmethod
    def of(cls, metadata: object) -> KernelIdentity | None:
        """Read the identity in a kernelspec's or a notebook's metadata; None where there is none."""
        section = metadata.get(METADATA) if isinstance(metadata, dict) else None
        if not isinstance(section, dict):
            return None
        texts = [section.get(name) for name in ("server", "namespace", "environment")]
        build_id = section.get("build_id")
        if not all(isinstance(text, str) and text for text in texts):
            return None
        if build_id is not None and (not isinstance(build_id, int) or isinstance(build_id, bool)):
            return None
        server, namespace, environment = map(str, texts)
        return cls(server, namespace, environment, build_id)


def kernel_name(identity: KernelIdentity, kernel: str | None = None) -> str:
    """Return the legal kernel name (`[a-z0-9._-]`) of a build's kernel, or of an environment's.

    `kernel` is the name of the kernelspec inside a copy that is here.
    """
    shown = [_legal(part)[:NAME_PART] for part in (identity.namespace, identity.environment)]
    build = identity.build
    if build is None:
        whole = "\0".join((identity.server, identity.namespace, identity.environment))
        return "-".join(("conda-store", *shown, hashlib.sha256(whole.encode()).hexdigest()[:16]))
    parts = ["conda-store", *shown, build.copy_key]
    return "-".join(parts if kernel is None else [*parts, re.sub(r"[^a-z0-9._-]", "_", kernel.lower())])


def copy_of(name: str) -> str | None:
    """Return the key of the copy that a kernel of this name belongs to; None for all other names."""
    match = _OF_A_COPY.fullmatch(name)
    return match[1] if match else None


def language_label(language: str) -> str:
    """Return how people write a language's name."""
    return _LANGUAGES.get(language.lower(), language[:1].upper() + language[1:])


def check_template(template: str) -> str:
    """Return a template for display names; InvalidRequest when it names something that there is not."""
    try:
        used = {field for _, field, _, _ in string.Formatter().parse(template) if field is not None}
        if used <= set(FIELDS) and template.strip():
            template.format(**dict.fromkeys(FIELDS, ""))
            return template
    except (ValueError, LookupError, AttributeError):
        pass
    fields = ", ".join(f"{{{name}}}" for name in FIELDS)
    raise InvalidRequest(f"{template!r} is not a template for names; use the fields {fields}.")


def display_names(
    identities: Sequence[tuple[KernelIdentity, str]], template: str | None = None
) -> tuple[str, ...]:
    """Return a name for each identity and language, no two alike.

    By default they are PINNED_TEMPLATE and UNPINNED_TEMPLATE. What the template leaves alike is told
    apart by language, then by server, then by everything else.
    """
    fields = [_fields(identity, language) for identity, language in identities]
    names = [
        (template or (UNPINNED_TEMPLATE if identity.build_id is None else PINNED_TEMPLATE)).format(**values)
        for (identity, _), values in zip(identities, fields, strict=True)
    ]
    for addition in ("[{language}]", "[{server}]", "[{namespace}/{environment} #{build}]"):
        counted = Counter(names)
        names = [
            f"{name} {addition.format(**values)}" if counted[name] > 1 else name
            for name, values in zip(names, fields, strict=True)
        ]
    return tuple(names)


def _fields(identity: KernelIdentity, language: str) -> dict[str, Any]:
    return {
        "environment": identity.environment,
        "namespace": identity.namespace,
        "build": "active" if identity.build_id is None else identity.build_id,
        "language": language_label(language),
        "server": urlsplit(identity.server).netloc or identity.server,
    }


def _legal(part: str) -> str:
    return re.sub(r"[^a-z0-9._]", "_", part.lower())
