"""A manifest that is written back: the lines that change, change, and nothing else."""

from __future__ import annotations

import difflib

import pytest
import yaml

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.repositories.edits import edited


def gained(before: str, after: str) -> list[str]:
    """Return the lines of a diff that say something."""
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


ENVIRONMENT = """\
# what the course needs
name: course   # its name
channels: &c [conda-forge]
dependencies:
  # the language
  - python=3.12
  - Foo_Bar>=1  # pinned for a reason
  - "numpy"
  - pip:
      - requests   # http
      - Flask-Login
variables: {A: "1"}
"""


def test_a_package_is_added_behind_its_kind_and_comments_stay() -> None:
    after = edited("environment.yml", ENVIRONMENT, ["scipy>=1"], ["rich"])
    assert gained(ENVIRONMENT, after) == ["+  - scipy>=1\n", "+      - rich\n"]
    parsed = yaml.safe_load(after)["dependencies"]
    assert parsed[-2:] == ["scipy>=1", {"pip": ["requests", "Flask-Login", "rich"]}]


def test_a_line_that_is_there_is_changed_and_not_doubled() -> None:
    after = edited("environment.yml", ENVIRONMENT, ["numpy>=2", "python=3.13"], ["flask_login>=0.6"])
    assert gained(ENVIRONMENT, after) == [
        *("-  - python=3.12\n", "+  - python=3.13\n"),
        *('-  - "numpy"\n', "+  - numpy>=2\n"),
        *("-      - Flask-Login\n", "+      - flask_login>=0.6\n"),
    ]
    assert "# pinned for a reason" in edited("environment.yml", ENVIRONMENT, ["foo_bar>=2"])


def test_a_package_stays_with_the_manager_that_lists_it() -> None:
    text = "dependencies:\n  - jupyter_client # by conda\n  - pytorch\n  - pip:\n    - requests\n    - six\n"
    after = edited("environment.yml", text, ["requests>=2"], ["jupyter-client>=8", "torch", "rich"])
    parsed = yaml.safe_load(after)["dependencies"]
    assert parsed == ["jupyter_client >=8", "pytorch", {"pip": ["requests>=2", "six", "rich"]}]
    assert "# by conda" in after
    with pytest.raises(InvalidRequest, match="by hand"):
        edited("environment.yml", text, (), ["jupyter-client[test]"])
    with pytest.raises(InvalidRequest, match="by hand"):
        edited("environment.yml", text, ["requests=2.1=py_0"])
    # ruamel_yaml of conda's is no ruamel.yaml
    other = edited("environment.yml", "dependencies:\n  - ruamel_yaml\n", (), ["ruamel.yaml"])
    assert yaml.safe_load(other)["dependencies"] == ["ruamel_yaml", "pip", {"pip": ["ruamel.yaml"]}]


@pytest.mark.parametrize("text", [ENVIRONMENT, "dependencies:\n- python\n", "dependencies:\n    - python"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_line_ends_stay_and_the_result_is_what_was_asked_for(text: str, newline: str) -> None:
    before = text.replace("\n", newline)
    after = edited("environment.yml", before, ["a", "b>=1"], ["c", "d==2"])
    assert ("\r\n" in after) == (newline == "\r\n")
    assert after.count("\r\n") in (0, after.count("\n"))
    parsed = yaml.safe_load(after)["dependencies"]
    packages = [line for line in parsed if isinstance(line, str)]
    assert {"a", "b>=1"} <= set(packages)
    (section,) = [line for line in parsed if isinstance(line, dict)]
    assert section["pip"][-2:] == ["c", "d==2"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("dependencies: [python]\n", "one a line"),
        ("dependencies:\n  - pip:\n    - a\n  - pip:\n    - b\n", "several"),
        ("dependencies:\n  - a\n  - pip: [b]\n", "one a line"),
        ("name: [\n", "not valid YAML"),
        ("a: 1\n", "one a line"),
    ],
)
def test_what_cannot_be_changed_line_by_line_is_said_to_be(text: str, match: str) -> None:
    with pytest.raises(InvalidRequest, match=match):
        edited("environment.yml", text, ["x"], ["y"])


def test_a_requirements_file_keeps_its_comments() -> None:
    before = "# top\nnumpy>=1  # fast\r\nflask"
    after = edited("requirements.txt", "# top\nnumpy>=1  # fast\nflask", (), ["Numpy>=2", "rich"])
    assert after == "# top\nNumpy>=2  # fast\nflask\nrich\n"
    assert before.count("\n") == 2
    with pytest.raises(InvalidRequest, match="conda's"):
        edited("requirements.txt", "numpy\n", ["scipy"])
    with pytest.raises(InvalidRequest, match="by hand"):
        edited("requirements.txt", "numpy==1 \\\n  --hash=sha256:1\n", (), ["numpy==2"])


def test_a_project_keeps_its_order_and_strings() -> None:
    before = (
        "[project]\nname = 'x' # literal\ndependencies = [\n    'numpy>=1', # fast\n    \"rich\",\n]\n\n"
        "[tool.poetry]\nversion = '1'\n"
    )
    after = edited("pyproject.toml", before, (), ["scipy", "numpy>=2"])
    changed = gained(before, after)
    assert [line[0] for line in changed] == ["-", "+", "+"]
    assert "scipy" in changed[-1]
    assert "# fast" in after
    assert after.endswith("[tool.poetry]\nversion = '1'\n")
    assert edited("pyproject.toml", '[project]\ndependencies = ["a"]\n', (), ["b"]).count('"b"') == 1
    with pytest.raises(InvalidRequest, match="no list"):
        edited("pyproject.toml", "[tool.x]\n", (), ["b"])


def test_what_is_no_package_is_refused() -> None:
    for conda, pip in ((["numpy; rm -rf"], []), ([], ["--index-url https://x"]), ([], ["a b"])):
        with pytest.raises(InvalidRequest):
            edited("environment.yml", ENVIRONMENT, conda, pip)
    with pytest.raises(InvalidRequest, match="not changed here"):
        edited("setup.py", "setup()\n", (), ["a"])
