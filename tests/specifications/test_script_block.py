"""A `# /// script` block (PEP 723): read, changed line by line, made."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.script_block import dependencies_of, read_block, with_dependencies

BLOCK = """\
# /// script
# requires-python = ">=3.11"  # as they all are
# dependencies = [
#   "numpy>=2",
#   "Foo_Bar==1",
# ]
#
# [tool.uv]
# index-url = "file:///etc/passwd"
# ///
import numpy
"""


def test_a_block_is_changed_and_what_else_is_in_it_stays() -> None:
    changed = with_dependencies(BLOCK, ["foo-bar==2.0", "new[extra]>=1; python_version>'3'"])
    assert dependencies_of(changed) == ("numpy>=2", "foo-bar==2.0", "new[extra]>=1; python_version>'3'")
    for kept in (
        '# requires-python = ">=3.11"  # as they all are\n',
        "# [tool.uv]\n",
        "# ///\nimport numpy\n",
    ):
        assert kept in changed
    assert with_dependencies(changed, ["foo-bar==2.0"]) == changed


def test_a_text_without_a_block_gets_one_first() -> None:
    made = with_dependencies("", ["gamma==0.1"])
    assert made == '# /// script\n# dependencies = [\n#     "gamma==0.1",\n# ]\n# ///'
    assert with_dependencies("x = 1", ["gamma==0.1"]) == f"{made}\n\nx = 1"
    assert (read_block("x = 1"), dependencies_of("x = 1")) == (None, ())


@pytest.mark.parametrize("line", ["--index-url=http://x", "", "a b c"])
def test_what_is_no_requirement_is_not_written_and_not_read(line: str) -> None:
    with pytest.raises(InvalidRequest):
        with_dependencies(BLOCK, [line])
    assert dependencies_of(f'# /// script\n# dependencies = ["{line}", "six"]\n# ///\n') == ("six",)


def test_two_blocks_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="two blocks"):
        dependencies_of(BLOCK + BLOCK)
