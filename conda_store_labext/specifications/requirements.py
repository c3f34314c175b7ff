"""Requirement lines as pip reads them, in a requirements file and below `pip:` alike.

`packaging` reads the requirements themselves.
"""

from __future__ import annotations

import re

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import parse_wheel_filename
from packaging.version import InvalidVersion, Version

from . import notes
from .addresses import has_credentials
from .notes import Kind, Notes
from .requirement_lines import options_of

_VARIABLE = re.compile(r"\$\{[A-Za-z0-9_]+\}")
_NAME_AT = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?P<extras>\[[^\]]*\])?\s*@\s*(?P<address>\S.*)")
_SCHEME = re.compile(r"[A-Za-z][\w+.-]*:(?://|(?=[^\\/\s:]))")
_SSH = re.compile(r"[\w.-]+@[\w.-]+:")
_ARCHIVE = re.compile(r"\.(?:whl|zip|tar|tgz|tbz|txz|tar\.(?:gz|bz2|xz|lzma))$", re.IGNORECASE)
_EXTRAS = re.compile(r"\[[^\[\]]*\]$")
# where conda's packages are built: names of folders that nobody else has
_BUILD_FARM = re.compile(
    r"/(?:croot|feedstock_root|conda-bld|bld|ci(?:_\w+)?|tmp/build|tmp/abs_\w+|abs_\w+|ktietz)/"
)
_OTHER_PLATFORMS = re.compile(r"-(?:win32|win_\w+|macosx_\w+)\.whl", re.IGNORECASE)
_LOCAL_VERSION = re.compile(r"(?<=\d)\+[A-Za-z0-9.]+(?![\w+])")
_REVERSED = re.compile(r"""("[^"]*"|'[^']*')\s*(<=|>=|<|>|==|!=)\s*([a-z_]+)""")
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_KINDS = {
    "--index-url": notes.INDEX,
    "--extra-index-url": notes.INDEX,
    "--trusted-host": notes.INDEX,
    "--find-links": notes.INDEX,
    "--no-index": notes.INDEX,
    "--requirement": notes.OTHER_FILE,
    "--constraint": notes.OTHER_FILE,
    "--hash": notes.HASH,
}


def read_requirement(line: str, remarks: Notes) -> str | None:
    """Return a requirement as conda-store and conda-lock can take it; None where a note says why not."""
    words = line.split()
    cut = next((place for place, word in enumerate(words) if word.startswith("-")), len(words))
    wanted = " ".join(words[:cut])
    options = list(options_of(words[cut:]))
    editable = next((option for option in options if option.name == "--editable"), None)
    if not wanted and not editable and options:
        kinds = {_KINDS.get(option.name, notes.OPTION) for option in options}
        kind = next(kind for kind in (*_KINDS.values(), notes.OPTION) if kind in kinds)
        remarks.add(_private(line) or kind, line)
        return None
    hashes = [option for option in options if option.name == "--hash"]
    if hashes:
        remarks.add(notes.HASH, f"{wanted} {hashes[0].written}" if len(hashes) == 1 else wanted)
    for option in options:
        if option is not editable and option.name != "--hash":
            kind = _KINDS.get(option.name, notes.OPTION)
            remarks.add(_private(option.written) or kind, option.written)
    if editable and not wanted:
        wanted = editable.value
        if not _SCHEME.match(wanted):
            private = _private(wanted)
            remarks.add(private or (notes.ADDRESS if _SSH.match(wanted) else notes.FILE), line)
            return None
    return _read(wanted, line, remarks)


def name_and_pin(requirement: str) -> tuple[str, str]:
    """Return the name of what pip is to install, and its version where that is fixed; empty for an option."""
    try:
        wanted = Requirement(requirement)
    except InvalidRequirement:
        return "", ""
    pins = [part.version for part in wanted.specifier if part.operator in ("==", "===")]
    return wanted.name, pins[0] if pins and not pins[0].endswith("*") else ""


def _private(text: str) -> Kind | None:
    """Return the note that a password or a variable in a line gets."""
    if has_credentials(text):
        return notes.CREDENTIALS
    return notes.VARIABLE if _VARIABLE.search(text) else None


def _read(text: str, line: str, remarks: Notes) -> str | None:
    """Return a requirement without options in the form `name[extras]>=1; marker` or `name @ address`."""
    private = _private(text)
    if private:
        remarks.add(private, line)
        return None
    at = _NAME_AT.fullmatch(text)
    if at:
        return _from_address(line, at["name"], at["extras"] or "", at["address"], remarks)
    if _SCHEME.match(text):
        return _from_address(line, "", "", text, remarks)
    bare = re.split(r"[<>=!~;\[\s]", text, maxsplit=1)[0]
    if (
        text[:1] in "./~"
        or re.search(r"[/\\]", bare)
        or _ARCHIVE.search(text.split(";")[0].strip())
        or _SSH.match(bare)
    ):
        remarks.add(notes.ADDRESS if _SSH.match(bare) else notes.FILE, line)
        return None
    try:
        exact = [part.version for part in Requirement(text).specifier if part.operator == "==="]
        for version in exact:
            Version(version)
    except (InvalidRequirement, InvalidVersion):
        remarks.add(notes.UNREADABLE, line)
        return None
    text = _as_locked(text)
    public, semicolon, marker = text.partition(";")
    if _LOCAL_VERSION.search(public):
        remarks.add(notes.LOCAL_VERSION, line)
        return f"{_LOCAL_VERSION.sub('', public)}{semicolon}{marker}"
    return text


def _as_locked(text: str) -> str:
    """Return a requirement in words that conda-store and conda-lock read too.

    They know no `===` beside other conditions, and no comparison that begins with its value.
    """
    public, semicolon, marker = text.partition(";")
    if semicolon or "," in public:
        public = public.replace("===", "==")
    marker = _REVERSED.sub(lambda match: f"{match[3]} {_MIRRORED.get(match[2], match[2])} {match[1]}", marker)
    return f"{public}{semicolon}{marker}"


def _from_address(line: str, name: str, extras: str, address: str, remarks: Notes) -> str | None:
    """Return a requirement by its address, with a name from `#egg=`, the file or the repository."""
    address, marker = (part.strip() for part in re.split(r"\s;|;\s|$", address, maxsplit=1)[:2])
    cut = _EXTRAS.search(address)
    if cut and not extras:
        address, extras = address[: cut.start()].rstrip(), cut[0]
    address, _, fragment = address.partition("#")
    address = address.rstrip("/")
    parts = dict(part.partition("=")[::2] for part in fragment.split("&") if part)
    egg, egg_extras = re.fullmatch(r"([^\[]*)(\[.*\])?", parts.pop("egg", "")).groups(default="")  # type: ignore[union-attr]
    extras = extras or egg_extras
    scheme = address.partition("://")[0].lower()
    if scheme.startswith("file:") or scheme in ("file", "git+file"):
        if name and _BUILD_FARM.search(address.replace("\\", "/")):
            remarks.add(notes.BARE_NAME, name)
            return _checked(f"{name}{extras}", marker, line, remarks)
        remarks.add(notes.FILE, line)
        return None
    git = scheme in ("git+https", "git+http")
    if not git and scheme != "https":
        remarks.add(notes.FILE if name and ":" not in address else notes.ADDRESS, line)
        return None
    if _OTHER_PLATFORMS.search(address):
        remarks.add(notes.PLATFORM, line)
        return None
    subdirectory = parts.pop("subdirectory", "")
    if (subdirectory and not git) or address.count("@") > 1 or re.search(r"\s", address):
        remarks.add(notes.ADDRESS, line)
        return None
    guessed = "" if name or egg else _name_in(address, git)
    name = name or egg or guessed
    if guessed:
        remarks.add(notes.NAME_GUESSED, f"{guessed}: {line}")
    if git and extras:
        remarks.add(notes.EXTRAS, f"{name}{extras}")
        extras = ""
    if git:
        address += (
            ("" if "@" in address else "@HEAD") + f"#subdirectory={subdirectory}" if subdirectory else ""
        )
    else:
        digest = next((f"#{key}={value}" for key, value in parts.items() if key in ("sha256", "md5")), "")
        if digest and extras:
            # `#...[...]` is a condition to conda-lock, which would drop everything
            remarks.add(notes.HASH, line)
            digest = ""
        address += digest
    return _checked(f"{name}{extras} @ {address}", marker, line, remarks)


def _name_in(address: str, git: bool) -> str:
    """Return a package's name for its address: a wheel's or an archive's, else the repository's."""
    path = address.partition("://")[2].partition("?")[0].split("/")
    last = path[-1]
    if git:
        return last.partition("@")[0].removesuffix(".git")
    try:
        return str(parse_wheel_filename(last)[0])
    except ValueError:
        pass
    archive = re.search(r"/([^/]+)/(?:archive|zipball|tarball)/", address) or re.search(
        r"/([^/]+)/-/archive/", address
    )
    if archive:
        return archive[1]
    return re.sub(r"-\d[\w.]*$", "", _ARCHIVE.sub("", last))


def _checked(requirement: str, marker: str, text: str, remarks: Notes) -> str | None:
    """Return a requirement with its marker, or leave a note where that is none."""
    try:
        written = _as_locked(f"{requirement} ; {marker}" if marker else requirement)
        Requirement(written)
        return written
    except InvalidRequirement:
        remarks.add(notes.UNREADABLE, text)
        return None
