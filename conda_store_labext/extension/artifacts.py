"""Routes of a build's files, passed on as they come from conda-store."""

from __future__ import annotations

from urllib.parse import quote

from tornado.iostream import StreamClosedError

from ..client.archive_response import ArchiveResponse
from .base import CondaStoreHandler, build_id
from .operation import operation

CHUNK = 1 << 18  # bytes held at a time

# what a file is called after its environment and build, and what it is
FILES = {
    "archive": (".tar.gz", "application/octet-stream"),
    "lockfile": (".conda-lock.yml", "application/yaml"),
    "yaml": (".yml", "application/yaml"),
    "log": (".log", "text/plain; charset=utf-8"),
}


class ArtifactHandler(CondaStoreHandler):
    """One of a build's files."""

    @operation(streams=True)
    async def get(self, build: str, kind: str) -> None:
        """Give a build's archive, lockfile, YAML of exact packages, or log as a file to save."""
        client, number = await self.client(), build_id(build)
        detail = await self.call(client.build, number)
        ending, content_type = FILES[kind]
        if kind == "yaml":
            export = await self.call(client.export, number, detail.environment)
            self._head(f"{detail.environment}-{number}{ending}", content_type)
            self.finish(export, set_content_type=content_type)
            return
        source = await self.call(client.open_artifact, number, kind)
        try:
            self._head(f"{detail.environment}-{number}{ending}", content_type)
            if source.total is not None:
                self.set_header("Content-Length", source.total)
            await self._pass_on(source, content_type)
        finally:
            await self.call(source.close)

    async def _pass_on(self, source: ArchiveResponse, content_type: str) -> None:
        """Send what comes, no faster than the browser takes it, until either side ends it."""
        try:
            while chunk := await self.call(source.read, CHUNK):
                self.write(chunk)
                await self.flush()
        except StreamClosedError:
            return
        except (ConnectionError, TimeoutError) as error:
            # what was sent looks like the whole unless the connection breaks, too
            self.log.warning("%s broke off: %s", self.request.path, error)
            if self.request.connection is not None:
                self.detach().close()
            return
        self.finish(set_content_type=content_type)

    def _head(self, filename: str, content_type: str) -> None:
        """Set the headers of a file to save, whose name may hold any character."""
        plain = "".join(
            character if character.isascii() and (character.isalnum() or character in "-_.+@") else "_"
            for character in filename
        )
        self.set_header("Content-Type", content_type)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header(
            "Content-Disposition",
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}",
        )
