"""The local store's own secrets: made once, kept in a file of mode 0600, told to nobody else."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import asdict, dataclass, field, fields

from ..store.files import read_json, write_private_json
from .paths import StorePaths


@dataclass(frozen=True)
class StoreSecrets:
    """Secrets of the local conda-store: its signing key, the web login's password and the user's token."""

    signing_key: str = field(repr=False)
    password: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def identity(self) -> str:
        """The name of this conda-store, which tells none of its secrets."""
        return f"local-{hashlib.sha256(self.signing_key.encode()).hexdigest()[:12]}"


def load_secrets(paths: StorePaths) -> StoreSecrets | None:
    """Return the secrets, null before the first start."""
    content = read_json(paths.secrets)
    names = [secret.name for secret in fields(StoreSecrets)]
    if not all(isinstance(content.get(name), str) and content[name] for name in names):
        return None
    return StoreSecrets(**{name: content[name] for name in names})


def ensure_secrets(paths: StorePaths) -> StoreSecrets:
    """Return the secrets, random ones made now if there are none."""
    store_secrets = load_secrets(paths)
    if store_secrets is None:
        store_secrets = StoreSecrets(*(secrets.token_hex(32) for _ in fields(StoreSecrets)))
        write_private_json(paths.secrets, asdict(store_secrets))
    return store_secrets
