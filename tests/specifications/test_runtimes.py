"""runtime.txt, as Binder reads it."""

from __future__ import annotations

import pytest

from conda_store_labext.errors import InvalidRequest
from conda_store_labext.specifications.convert import convert
from tests.specifications.projects import conda


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("python-3.11.4", "python 3.11.4"),
        ("python-3.11  \r\n", "python 3.11.*"),
        ("r-4.3.2-2024-01-15\n", "r-base 4.3.2"),
        ("r-4.3-2024-01-15\n", "r-base 4.3.*"),
        ("r-2024-01-15", "r-base"),
        ("r-4.4", "r-base 4.4.*"),
    ],
)
def test_the_forms_of_a_runtime(text: str, first: str) -> None:
    assert first in conda("runtime.txt", text)


@pytest.mark.parametrize("text", ["3.11", "", "ruby-3", "r-"])
def test_a_runtime_that_nobody_knows_is_said_to_be(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"runtime\.txt is written"):
        convert("runtime.txt", text)
