"""A registry of images: what of an image it lacks is sent to it, and bases come from it.

Source: the distribution specification of OCI 1.1, and for tokens that of Docker's registry.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from ...client.connection import origin
from ...client.credentials import Anonymous, Bearer
from ...errors import Forbidden, InvalidRequest, NotAuthenticated, NotFound, ServerError, ServerUnreachable
from ...specifications.addresses import is_loopback
from ...store.files import read_json
from .image import INDEX_TYPE, MANIFEST_TYPE, Base, Image
from .layers import Blob
from .layout import LARGEST, for_platform
from .names import ImageName

TIMEOUT = 60.0  # seconds to connect, and between two bytes
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
ACCEPTED = ", ".join((MANIFEST_TYPE, INDEX_TYPE, DOCKER_MANIFEST, DOCKER_LIST))
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')


class Registry:
    """The registry and repository of a name. Raises ServerUnreachable, ServerError, NotFound and the like.

    Credentials are those that `docker login` and the like keep in config.json of DOCKER_CONFIG, by default
    ~/.docker. Only a registry on this machine is spoken to without encryption.
    """

    def __init__(self, name: ImageName) -> None:
        self._name = name
        scheme = "http" if is_loopback(f"//{name.registry}") else "https"
        self._base = f"{scheme}://{name.registry}/v2/{name.repository}/"
        self._session = requests.Session()
        self._login = _login(name.registry)
        self._auth: AuthBase = self._login or Anonymous()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def push(self, image: Image) -> int:
        """Send what the registry lacks, the manifest last; return the number of blobs that were sent."""
        sent = sum(self._send(blob) for blob in image.blobs)
        self._ask(
            "PUT",
            f"manifests/{self._name.tag}",
            f"the manifest {self._name.tag}",
            data=image.manifest,
            headers={"Content-Type": MANIFEST_TYPE},
        )
        return sent

    def base(self, architecture: str, folder: Path) -> Base:
        """Return the image as a base, its layers in a folder, by their digests."""
        manifest = for_platform(self._manifest(self._name.tag), architecture)
        if "layers" not in manifest:
            manifest = self._manifest(str(manifest["digest"]))
        config = json.loads(
            self._ask("GET", f"blobs/{manifest['config']['digest']}", "the configuration").content
        )
        return Base(config, tuple(self._fetched(row, folder) for row in manifest["layers"]))

    def _manifest(self, reference: str) -> dict[str, Any]:
        answer = self._ask(
            "GET", f"manifests/{reference}", f"the image {reference}", headers={"Accept": ACCEPTED}
        )
        try:
            return dict(json.loads(answer.content[:LARGEST]))
        except ValueError:
            raise ServerError(f"{self._name.registry} answered, but not as a registry does.") from None

    def _fetched(self, row: Mapping[str, Any], folder: Path) -> Blob:
        digest = str(row["digest"])
        blob = Blob(str(row["mediaType"]), digest, int(row["size"]), folder / digest.removeprefix("sha256:"))
        with self._ask("GET", f"blobs/{digest}", f"the layer {digest}", stream=True) as answer:
            hashed, size = _save(answer, folder / digest.removeprefix("sha256:"))
        if (hashed, size) != (digest, blob.size):
            raise ServerError(f"{self._name.registry} gave other bytes than {digest}; try again.")
        return blob

    def _send(self, blob: Blob) -> bool:
        """Send a blob unless it is there; tell whether it was sent."""
        what = f"the blob {blob.digest}"
        if self._ask("HEAD", f"blobs/{blob.digest}", what, missing=True).status_code == 200:
            return False
        begun = self._ask("POST", "blobs/uploads/", what)
        location = urljoin(begun.url, begun.headers.get("Location", ""))
        self._ask(
            "PUT",
            location + ("&" if urlsplit(location).query else "?") + f"digest={blob.digest}",
            what,
            data=blob,
            headers={"Content-Type": "application/octet-stream"},
        )
        return True

    def _ask(
        self,
        method: str,
        path: str,
        what: str,
        *,
        data: Blob | None = None,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
        missing: bool = False,
    ) -> requests.Response:
        """Ask once, and once more with a new token where this one is none or has ended."""
        url = urljoin(self._base, path)
        answer = self._once(method, url, data, headers, stream)
        if answer.status_code == 401 and self._renew(answer.headers.get("WWW-Authenticate", "")):
            answer.close()
            answer = self._once(method, url, data, headers, stream)
        if answer.status_code >= 400 and not (missing and answer.status_code == 404):
            raise self._refused(answer, what)
        return answer

    def _once(
        self, method: str, url: str, data: Blob | None, headers: Mapping[str, str] | None, stream: bool
    ) -> requests.Response:
        # storage elsewhere signs its own addresses
        auth = self._auth if origin(url) == origin(self._base) else Anonymous()
        length = {"Content-Length": str(data.size)} if data else {}
        opened = data.open() if data else None
        try:
            return self._session.request(
                method,
                url,
                data=opened,
                headers={**length, **(headers or {})},
                auth=auth,
                timeout=TIMEOUT,
                stream=stream,
                allow_redirects=method in ("GET", "HEAD"),
            )
        except (requests.RequestException, OSError):
            raise ServerUnreachable(
                f"The registry {self._name.registry} cannot be reached; check its name and the network."
            ) from None
        finally:
            if opened:
                opened.close()

    def _renew(self, challenge: str) -> bool:
        """Get the token that a registry asks for, or give it the password; false where that was done."""
        kind, _, rest = challenge.partition(" ")
        fields = dict(_CHALLENGE.findall(rest))
        if kind.lower() != "bearer" or "realm" not in fields:
            return False
        scope = f"repository:{self._name.repository}:pull,push"
        try:
            answer = self._session.get(
                fields["realm"],
                params={"service": fields.get("service", ""), "scope": fields.get("scope") or scope},
                auth=self._login or Anonymous(),
                timeout=TIMEOUT,
            )
            told = answer.json()
            self._auth = Bearer(str(told.get("token") or told["access_token"]))
        except (requests.RequestException, ValueError, LookupError, AttributeError):
            return False
        return True

    def _refused(self, answer: requests.Response, what: str) -> Exception:
        try:
            rows = json.loads(answer.content[:65536])["errors"]
            said = "; ".join(str(row.get("message") or row.get("code")) for row in rows)
        except (ValueError, LookupError, TypeError, AttributeError, requests.RequestException):
            said = f"HTTP {answer.status_code}"
        message = f"{self._name.registry} refuses {what} of {self._name.repository} ({said})"
        if answer.status_code == 401:
            return NotAuthenticated(f"{message}; log in there, for example with `docker login`.")
        if answer.status_code == 403:
            return Forbidden(f"{message}; ask for the right to push there.")
        if answer.status_code == 404:
            return NotFound(f"{message}; check the name.")
        if answer.status_code < 500:
            return InvalidRequest(f"{message}.")
        return ServerError(f"{message}; try again later.")


def _save(answer: requests.Response, file: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("wb") as sink:
            for data in answer.iter_content(1 << 20):
                digest.update(data)
                size += sink.write(data)
    except requests.RequestException:
        raise ServerUnreachable("The registry broke off; try again.") from None
    return f"sha256:{digest.hexdigest()}", size


def _login(registry: str) -> AuthBase | None:
    """Return the user and password that are kept for a registry; None where there are none."""
    folder = Path(os.environ.get("DOCKER_CONFIG") or Path.home() / ".docker")
    entries = read_json(folder / "config.json").get("auths")
    entry = entries.get(registry) if isinstance(entries, dict) else None
    try:
        user, _, password = base64.b64decode(entry["auth"]).decode().partition(":") if entry else ("", "", "")
    except (ValueError, LookupError, TypeError):
        return None
    return HTTPBasicAuth(user.encode(), password.encode()) if user else None
