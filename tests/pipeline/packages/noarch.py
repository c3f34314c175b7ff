"""A channel of noarch packages as conda-forge has them: without byte code, with commands to make."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from conda_store_labext.local.channel.repodata import write_index
from conda_store_labext.local.channel.server import serve
from conda_store_labext.models.platform import NOARCH as SUBDIR
from conda_store_labext.models.platform import this_platform
from tests.pipeline.packages.making import PLACEHOLDER, Made, put

PREFIX = PLACEHOLDER.encode()
PACKAGES = (
    Made(
        "plain-noarch",
        noarch="python",
        depends=("python", "namespace-one"),
        entry_points=("plain-command = plain:main", "plain-other=plain.deep.inner:Class.method"),
        files={
            "site-packages/plain/__init__.py": b"def main():\n    print('plain')\n",
            "site-packages/plain/deep/__init__.py": b"",
            "site-packages/plain/deep/inner.py": b"class Class:\n    def method():\n        return 3\n",
            # rewritten, so that its byte code depends on where it lies
            "site-packages/plain/where.py": b"ROOT = '" + PREFIX + b"/share'\n",
            # no Python reads it: without byte code, and no reason to fail
            "site-packages/plain/template.py": b"{{ cookiecutter }} = \n",
            "site-packages/plain/data.bin": bytes(range(256)) * 20,
            "site-packages/plain-1.0.dist-info/METADATA": b"Name: plain\nVersion: 1.0\n",
            "site-packages/plain-1.0.dist-info/entry_points.txt": b"[console_scripts]\n",
            "python-scripts/plain-script": b"#!" + PREFIX + b"/bin/python\nprint('script')\n",
            "share/plain/library.bin": b"\0\1" + PREFIX + b"/lib\0" + PREFIX + b"/share:x\0end\0",
            "share/plain/link": "library.bin",
            "share/plain/man/ja": "ja_JP",
            "share/plain/man/ja_JP/page": b"page",
            "share/plain/read-only.txt": b"read only " + PREFIX + b"\n",
            "etc/conda/activate.d/plain.sh": b"export PLAIN_HOME=" + PREFIX + b"/share/plain\n",
            "etc/conda/deactivate.d/plain.sh": b"unset PLAIN_HOME\n",
        },
        modes={"share/plain/read-only.txt": 0o444, "python-scripts/plain-script": 0o755},
    ),
    Made(
        "namespace-one",
        noarch="python",
        depends=("python",),
        files={"site-packages/shared_namespace/one.py": b"ONE = 1\n"},
    ),
    Made(
        "namespace-two",
        noarch="python",
        depends=("python", "namespace-one"),
        files={"site-packages/shared_namespace/two.py": b"TWO = 2\n"},
    ),
    Made(
        "fonts-generic",
        noarch="generic",
        files={"fonts/mono.ttf": bytes(3000), "share/fonts.conf": b"dir = " + PREFIX + b"/fonts\n"},
    ),
)
NOARCH = [package.name for package in PACKAGES]


@contextmanager
def noarch_channel(folder: Path) -> Iterator[str]:
    """Give the address of a channel with PACKAGES."""
    records = []
    for package in PACKAGES:
        file = folder / put(folder, package).partition("#")[0]
        data = file.read_bytes()
        hashes = {"sha256": hashlib.sha256(data).hexdigest(), "md5": hashlib.md5(data).hexdigest()}
        index = json.loads(package.info()["info/index.json"])
        records.append({**index, **hashes, "size": len(data), "fn": file.name})
    write_index(folder, (this_platform(), SUBDIR), records)
    server = serve(folder, 0)
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
