"""A conda-store whose builds have a lockfile besides, and the channel that its packages lie in."""

from __future__ import annotations

import hashlib
import json
import random
import re
from dataclasses import dataclass, field

from tests.pipeline.faulty import Fault, Handler
from tests.pipeline.packages.making import PLACEHOLDER, Made

from .upstream import Upstream

LOCKFILE = re.compile(r"/api/v1/build/\d+/lockfile/$")
KERNEL = {"argv": ["sh", "-c", "true"], "display_name": "Shell", "language": "sh"}


def packages(count: int = 8, seed: int = 0) -> list[Made]:
    """Return packages of some hundred files, prefixes of both kinds, links, a kernel."""
    chance = random.Random(seed)
    made = [Made("kernel", files={"share/jupyter/kernels/shell/kernel.json": json.dumps(KERNEL).encode()})]
    prefix = PLACEHOLDER.encode()
    for number in range(count):
        name = f"package{number}"
        files: dict[str, bytes | str] = {
            f"lib/{name}/file{at}": chance.randbytes(chance.randrange(1, 30_000)) for at in range(25)
        }
        files |= {
            f"bin/{name}": b"#!/bin/sh\necho " + prefix + b"\n",
            f"lib/{name}/library.so": b"\x7fELF\0" + prefix + b"/lib\0" + chance.randbytes(1_000),
            f"lib/{name}/link": "file1",
        }
        made.append(Made(name, files=files))
    return made


@dataclass
class Channel(Upstream):
    """Gives packages below `/noarch/`, and a lockfile of them; `package_faults` are used up one a request.

    `given` has the path and the first byte of each answer that a package's bytes were asked with.
    """

    made: list[Made]
    body: bytes = b""
    given: list[tuple[str, int]] = field(default_factory=list)
    package_faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the packages, and serve them."""
        super().__init__(self.body)
        self.files = {f"/noarch/{package.stem}.conda": package.conda() for package in self.made}
        self.rows = [self.row(path, data) for path, data in self.files.items()]
        self.hooks.insert(0, self._answer)

    @property
    def size(self) -> int:
        """The bytes of all packages."""
        return sum(map(len, self.files.values()))

    def __enter__(self) -> Channel:
        """Serve."""
        super().__enter__()
        return self

    def row(self, path: str, data: bytes) -> dict[str, object]:
        """Return a package's row of a lockfile."""
        return {
            "name": path.rpartition("/")[2].rsplit("-", 2)[0],
            "manager": "conda",
            "platform": "linux-64",
            "version": "1.0",
            "category": "main",
            "url": self.url.removesuffix("/conda-store") + path,
            "hash": {"sha256": hashlib.sha256(data).hexdigest(), "md5": ""},
            "dependencies": {},
        }

    def lockfile(self) -> str:
        """Return the lockfile of all packages."""
        return json.dumps({"version": 1, "metadata": {}, "package": self.rows})

    def _answer(self, handler: Handler) -> bool:
        if LOCKFILE.search(handler.path):
            handler.answer(200, self.lockfile().encode(), Content_Type="application/json")
            return True
        data = self.files.get(handler.path)
        if data is None:
            return False
        asked = re.match(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        self.given.append((handler.path, int(asked[1]) if asked else 0))
        if not (self.package_faults and self.package_faults.pop(0)(handler, data)):
            handler.give(data)
        return True
