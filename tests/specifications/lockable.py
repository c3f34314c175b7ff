"""Specifications that conda-store-server refuses or conda-lock cannot lock, by their own readers."""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import json
import sys
import tempfile
import types
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


@contextlib.contextmanager
def _conda() -> Iterator[None]:
    """Let the server find conda's match specifications in conda-lock's copy of them."""
    vendored = pytest.importorskip("conda_lock._vendor.conda")
    match_spec = pytest.importorskip("conda_lock._vendor.conda.models.match_spec")
    modules = {
        "conda": vendored,
        "conda.models": types.ModuleType("conda.models"),
        "conda.models.match_spec": match_spec,
    }
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        # the others that were imported meanwhile stay: importing them anew each time takes a second
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


@functools.cache
def _readers() -> tuple[Any, Any]:
    """Return the modules with the server's models and with conda-lock's reader."""
    pytest.importorskip("conda_store_server")
    with _conda():
        from conda_lock.src_parser import environment_yaml
        from conda_store_server._internal import schema

        return schema, environment_yaml


@functools.cache
def _mapping() -> str:
    """Return a file with no names of PyPI's that conda has others for."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        file.write("{}")
    atexit.register(Path(file.name).unlink, missing_ok=True)
    return file.name


def conda_dependency(text: str) -> Any:
    """Return a line for conda as conda-lock reads it; its exception where it cannot."""
    common = pytest.importorskip("conda_lock.src_parser.conda_common")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return common.conda_spec_to_versioned_dep(text, "main")


def refusals(specification: dict[str, Any]) -> list[str]:
    """Return why a specification cannot be built, empty when nothing speaks against it."""
    schema, reader = _readers()
    with _conda(), contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        try:
            model = schema.CondaSpecification.model_validate(specification)
        except Exception as error:
            return [f"the server: {error}"]
        try:
            listed = reader._parse_environment_file_for_platform(
                json.dumps(model.model_dump()), category="main", platform="linux-64", mapping_url=_mapping()
            )
        except Exception as error:
            return [f"conda-lock: {error!r}"]
    return [f"a path: {each}" for each in listed if type(each).__name__ == "PathDependency"]
