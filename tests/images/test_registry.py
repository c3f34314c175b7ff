"""Images sent to registries and taken from them."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from conda_store_labext.copies.images.content import Member
from conda_store_labext.copies.images.image import CONFIG_TYPE, MANIFEST_TYPE, Image
from conda_store_labext.copies.images.layers import LAYER_TYPE, Blob, write_layer
from conda_store_labext.copies.images.names import ImageName
from conda_store_labext.copies.images.registry import Registry
from conda_store_labext.errors import InvalidRequest, NotFound, ServerUnreachable
from tests.cli.running import CommandLine, variables
from tests.images.registries import Particular, debian_registry
from tests.stores import RunningStore


def small_image(folder: Path, mark: str = "") -> Image:
    """Return an image of two layers."""
    layers = [
        write_layer(f"l{at}", [Member(f"f{at}", "", data=f"{mark}{at}".encode())], folder) for at in (1, 2)
    ]
    rootfs = {"type": "layers", "diff_ids": [layer.diff_id for layer in layers]}
    config = Blob.of(
        CONFIG_TYPE, json.dumps({"os": "linux", "architecture": "amd64", "rootfs": rootfs}).encode()
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST_TYPE,
        "config": config.descriptor,
        "layers": [layer.blob.descriptor for layer in layers],
    }
    blobs = (*(layer.blob for layer in layers), config)
    return Image(blobs, Blob.of(MANIFEST_TYPE, json.dumps(manifest).encode()))


def test_a_build_goes_to_a_registry_upon_a_base_from_there(store: RunningStore, tmp_path: Path) -> None:
    own = CommandLine(variables(store, tmp_path))
    with debian_registry(tmp_path) as host:
        base = small_image(tmp_path)
        registry = Registry(ImageName(host, "base", "latest"))
        assert [registry.push(base), registry.push(base)] == [3, 0]
        registry.close()
        made = own.json(
            *("image", "default/minimal", "--base", f"{host}/base", "--push", f"{host}/team/minimal")
        )
        assert made["image"] == f"{host}/team/minimal:{store.builds['minimal']}"
        assert made["layers"][:2] == [blob.digest for blob in base.blobs[:2]]
        assert made["sent"] == len(made["layers"]) + 1, "the base was in another repository"
        if skopeo := shutil.which("skopeo"):
            copied = f"oci:{tmp_path / 'copied'}:x"
            subprocess.run(
                [skopeo, "copy", "--src-tls-verify=false", f"docker://{made['image']}", copied],
                check=True,
                capture_output=True,
            )
            index = json.loads((tmp_path / "copied/index.json").read_text())
            assert index["manifests"][0]["digest"] == made["digest"]
        gone = own("image", "default/minimal", "--base", f"{host}/team/none", "--push", f"{host}/team/x")
        assert (gone.returncode, "the image latest of team/none" in gone.stderr) == (5, True)


def test_a_registry_may_be_particular(tmp_path: Path) -> None:
    registry = Particular(lifetime=600.0)
    image = small_image(tmp_path)
    with registry.running() as host:
        client = Registry(ImageName(host, "d", "1"))
        assert client.push(image) == 3
        assert client.push(image) == 0
        assert registry.refused == []
        assert registry.manifests["1"] == image.manifest.content
        assert len(registry.tokens) == 1, "one for all"
        docker = Image(image.blobs, Blob.of(MANIFEST_TYPE, b'{"schemaVersion": 2}'))
        with pytest.raises(InvalidRequest, match=r"refuses the manifest 1 of d \(invalid JSON: mediaType\)"):
            client.push(docker)
        client.close()


def test_a_token_that_ends_is_renewed_for_the_same_blob(tmp_path: Path) -> None:
    class Short(Particular):
        """Lets each token do for one request."""

        def known(self, token: str) -> bool:
            return self.tokens.pop(token, 0.0) > 0

    registry = Short(lifetime=600.0)
    image = small_image(tmp_path, "other")
    with registry.running() as host:
        client = Registry(ImageName(host, "d", "1"))
        assert client.push(image) == 3
        client.close()
    assert set(registry.blobs) == {blob.digest for blob in image.blobs}
    assert registry.manifests["1"] == image.manifest.content


def test_a_registry_that_is_away_or_lacks_a_base(tmp_path: Path) -> None:
    with pytest.raises(ServerUnreachable, match="cannot be reached"):
        Registry(ImageName("127.0.0.1:9", "d", "1")).push(small_image(tmp_path))
    with Particular(60.0).running() as host, pytest.raises(NotFound, match="the image 1 of d"):
        Registry(ImageName(host, "d", "1")).base("amd64", tmp_path)


def test_the_password_that_docker_keeps_is_given_to_its_registry_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth = base64.b64encode(b"ada:secret").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"r.example": {"auth": auth}, "odd": {}}}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    assert Registry(ImageName("r.example", "d", "1"))._login
    assert Registry(ImageName("other.example", "d", "1"))._login is None
    assert Registry(ImageName("odd", "d", "1"))._login is None
    assert LAYER_TYPE.startswith("application/vnd.oci")
