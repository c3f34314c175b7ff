"""Kernelspecs registered for an environment, under which name, and that they go again."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager

from conda_store_labext.errors import CacheNotWritable, NoKernel
from conda_store_labext.kernels.registry import KernelspecRegistry
from conda_store_labext.store.records import StoredCopy


def stored(prefix: Path, environment: str = "data") -> StoredCopy:
    return StoredCopy(
        server="https://store.example/conda-store",
        namespace="default",
        environment=environment,
        build_id=7,
        prefix=prefix,
        bytes=1,
        files=1,
        created_on="2026-01-01T00:00:00",
        last_used_on="2026-01-01T00:00:00",
    )


def add_kernel(prefix: Path, name: str, language: str, program: str, **more: object) -> Path:
    """Put a kernelspec, and the program that it starts, into an environment."""
    folder = prefix / "share/jupyter/kernels" / name
    folder.mkdir(parents=True)
    spec = {
        "argv": [program, "{resource_dir}/start", "{connection_file}"],
        "display_name": name,
        "language": language,
    }
    (folder / "kernel.json").write_text(json.dumps(spec | more))
    (folder / "logo-64x64.png").write_bytes(b"a picture")
    (folder / "kernel.js").write_text("a script")
    binary = prefix / "bin" / Path(program).name
    binary.parent.mkdir(exist_ok=True)
    binary.write_text("#!/bin/sh\n")
    binary.chmod(0o755)
    return folder


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    return tmp_path / "prefix"


@pytest.fixture
def registry(tmp_path: Path) -> KernelspecRegistry:
    return KernelspecRegistry(tmp_path / "data" / "kernels")


def test_every_kernel_of_whatever_language_is_registered(prefix: Path, registry: KernelspecRegistry) -> None:
    resources = add_kernel(prefix, "ir", "R", "R", env={"R_HOME": "/r"}, interrupt_mode="signal")
    add_kernel(prefix, "python3", "python", str(prefix / "bin/python"), metadata={"debugger": True})
    add_kernel(prefix, "xcpp17", "C++17", "/elsewhere/bin/xcpp")
    kernels = registry.register(stored(prefix))
    assert [(kernel.name, kernel.display_name) for kernel in kernels] == [
        ("conda-store-default-data-77cd0d9c-7-python3", "default/data #7 (Python)"),
        ("conda-store-default-data-77cd0d9c-7-ir", "default/data #7 (R)"),
        ("conda-store-default-data-77cd0d9c-7-xcpp17", "default/data #7 (C++17)"),
    ]
    manager = KernelSpecManager(kernel_dirs=[str(registry.folder)], ensure_native_kernel=False)
    specs = manager.get_all_specs()
    assert set(specs) == {kernel.name for kernel in kernels}
    r = manager.get_kernel_spec(kernels[1].name)
    assert r.argv[-3:] == [str(prefix / "bin/R"), f"{resources}/start", "{connection_file}"]
    program, own = r.argv[:-3], json.loads(r.argv[-4])
    assert (program[0], own) == (sys.executable, {"R_HOME": "/r"}), "it has no Python that could start it"
    assert r.env == {}, "nothing of the session is replaced before the kernel starts"
    assert r.interrupt_mode == "signal"
    python = manager.get_kernel_spec(kernels[0].name)
    assert python.metadata["debugger"] is True
    assert python.metadata["conda_store"]["namespace"] == "default"
    assert manager.get_kernel_spec(kernels[2].name).argv[-3] == str(prefix / "bin/xcpp")
    files = sorted(path.name for path in (registry.folder / kernels[1].name).iterdir())
    assert files == ["kernel.json", "logo-64x64.png"]


def test_two_kernels_of_one_language_are_told_apart(prefix: Path, registry: KernelspecRegistry) -> None:
    add_kernel(prefix, "python3", "python", "python", display_name="Python 3")
    add_kernel(prefix, "pyspark", "python", "python", display_name="PySpark")
    assert {kernel.display_name for kernel in registry.register(stored(prefix))} == {
        "default/data #7 (Python 3)",
        "default/data #7 (PySpark)",
    }


ODD = (
    {"metadata": None},
    {"env": ["A"]},
    {"env": {"A": 1}},
    {"language": 3},
    {"display_name": None},
    {"argv": ["python", 1]},
    {"argv": "python"},
    {"interrupt_mode": "shout"},
)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_kernelspec_hides_no_other_and_is_named(
    odd: dict[str, object], prefix: Path, registry: KernelspecRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    add_kernel(prefix, "python3", "python", "python")
    file = add_kernel(prefix, "odd", "python", "python") / "kernel.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | odd))
    (kernel,) = registry.register(stored(prefix))
    assert kernel.name.endswith("-python3")
    assert f"{file} is left out: {next(iter(odd))} must" in caplog.text


def test_an_odd_logo_hides_no_kernel_and_is_named(
    prefix: Path, registry: KernelspecRegistry, caplog: pytest.LogCaptureFixture
) -> None:
    folder = add_kernel(prefix, "python3", "python", "python")
    (folder / "logo-32x32.png").mkdir()
    (folder / "logo-svg.svg").symlink_to(folder / "nowhere")
    (kernel,) = registry.register(stored(prefix))
    names = sorted(path.name for path in (registry.folder / kernel.name).iterdir())
    assert names == ["kernel.json", "logo-64x64.png"]
    assert "logo-32x32.png is left out" in caplog.text
    assert "logo-svg.svg is left out" in caplog.text


def test_launchers_find_the_keys_that_they_show_as_columns(
    prefix: Path, registry: KernelspecRegistry
) -> None:
    add_kernel(prefix, "ir", "R", "R")
    (kernel,) = registry.register(stored(prefix))
    metadata = json.loads((registry.folder / kernel.name / "kernel.json").read_text())["metadata"]
    assert {
        key: value for key, value in metadata.items() if key.startswith("conda_") and key != "conda_store"
    } == {
        "conda_env_name": "default/data",
        "conda_env_path": str(prefix),
        "conda_language": "R",
        "conda_raw_kernel_name": "ir",
        "conda_is_base_environment": False,
    }


def test_an_environment_without_kernel_says_what_to_add(prefix: Path, registry: KernelspecRegistry) -> None:
    with pytest.raises(NoKernel, match="ipykernel"):
        registry.register(stored(prefix))
    assert not registry.folder.exists()


def test_registering_again_replaces_and_removing_takes_only_its_own(
    prefix: Path, registry: KernelspecRegistry
) -> None:
    add_kernel(prefix, "python3", "python", "python")
    registry.register(stored(prefix))
    first, second = stored(prefix), replace(stored(prefix), build_id=8)
    registry.register(first)
    registry.register(second)
    native = registry.folder / "python3"
    native.mkdir()
    (native / "kernel.json").write_text('{"argv": ["python"]}')
    assert set(registry.registered()) == {first.key, second.key}
    assert registry.unregister(first.key) == (f"conda-store-default-data-{first.key}-python3",)
    assert set(registry.registered()) == {second.key}
    assert registry.unregister(first.key) == ()
    assert native.is_dir()
    assert {path.name for path in registry.folder.parent.glob("*/")} == {"kernels"}, "no staging is left"


def test_a_kernelspec_that_stays_the_same_is_never_away(prefix: Path, registry: KernelspecRegistry) -> None:
    add_kernel(prefix, "python3", "python", str(prefix / "bin/python"))
    (kernel,) = registry.register(stored(prefix))
    folder = registry.folder / kernel.name
    before = folder.stat().st_ino
    assert registry.register(stored(prefix)) == (kernel,)
    assert folder.stat().st_ino == before
    (folder / "logo-64x64.png").write_bytes(b"another picture")
    registry.register(stored(prefix))
    assert folder.stat().st_ino != before
    assert (folder / "logo-64x64.png").read_bytes() == b"a picture"


def test_many_register_at_once_and_what_one_that_was_killed_left_goes(
    registry: KernelspecRegistry, prefix: Path
) -> None:
    add_kernel(prefix, "python3", "python", "python")
    left = registry.folder.parent / ".conda-store-kernelspec-of-a-killed-one"
    (left / "logo").mkdir(parents=True)
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: registry.register(stored(prefix)), range(40)))
    assert len(set(made)) == 1
    assert not left.exists()


def test_a_folder_that_cannot_be_written_is_said_so(prefix: Path, tmp_path: Path) -> None:
    add_kernel(prefix, "python3", "python", "python")
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(CacheNotWritable, match="make that folder writable"):
        KernelspecRegistry(tmp_path / "file" / "kernels").register(stored(prefix))
