"""The variables that packages and the specification declare, as conda sets them; broken files are named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conda_store_labext.kernels.activation import Activation
from tests.kernels.test_activation import SYSTEM, activate, write


def test_variables_are_set_as_conda_sets_them(tmp_path: Path) -> None:
    package = {"FROM_PACKAGE": "1", "BOTH": "package", "GONE": "***unset***"}
    state = {"from_state": "2", "BOTH": "state", "ALL": "state", "NUMBER": 7}
    write(tmp_path, "etc/conda/env_vars.d/pkg.json", json.dumps(package))
    write(tmp_path, "conda-meta/state", json.dumps({"env_vars": state}))
    write(tmp_path, "etc/conda/env_vars.d/broken.json", "{")
    write(tmp_path, "etc/conda/activate.d/see.sh", "export SEEN=$FROM_PACKAGE$FROM_STATE$SPECIFIED")
    variables = activate(tmp_path, {"BOTH": "session"}, variables={"SPECIFIED": "3", "all": "specification"})
    expected = {
        "FROM_PACKAGE": "1",
        "FROM_STATE": "2",
        "BOTH": "state",
        "ALL": "specification",
        "SEEN": "123",
    }
    assert {name: variables[name] for name in expected} == expected
    assert variables["NUMBER"] == "7"
    assert "GONE" not in variables


@pytest.mark.parametrize("state", ["{", "[]", '{"env_vars": [1]}'])
def test_declarations_that_cannot_be_read_are_named(tmp_path: Path, state: str) -> None:
    assert Activation(tmp_path, "data", jupyter="").activate({"PATH": SYSTEM}).problems == ()
    write(tmp_path, "etc/conda/env_vars.d/broken.json", "{")
    write(tmp_path, "etc/conda/env_vars.d/good.json", '{"A": "1"}')
    write(tmp_path, "conda-meta/state", state)
    activated = Activation(tmp_path, "data", jupyter="").activate({"PATH": SYSTEM})
    assert activated.variables["A"] == "1"
    broken, declared = activated.problems
    assert str(tmp_path / "etc/conda/env_vars.d/broken.json") in broken
    assert str(tmp_path / "conda-meta/state") in declared
