"""The routes' own description: complete, kept in docs/, and served."""

from __future__ import annotations

import json

from conda_store_labext.extension.openapi import rows
from conda_store_labext.extension.routes import table
from tests.server.asking import Ask
from tests.server.describe import OPENAPI, PAGE, TABLE, openapi_text, routes_table

AGAIN = "Run `python -m tests.server.describe` and look at what it changes."


def test_docs_hold_the_document_that_the_code_makes() -> None:
    assert OPENAPI.read_text(encoding="utf-8") == openapi_text(), AGAIN


def test_docs_list_the_routes_that_the_code_has() -> None:
    found = TABLE.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    assert found[0] == routes_table(), AGAIN


def test_every_reference_leads_somewhere() -> None:
    text = openapi_text()
    known = json.loads(text)["components"]["schemas"]
    wanted = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted == set(known)


def test_every_operation_has_a_name_of_its_own() -> None:
    paths = json.loads(openapi_text())["paths"]
    names = [one["operationId"] for methods in paths.values() for one in methods.values()]
    assert len(names) == len(set(names)) == len(rows(table()))


async def test_it_is_served(ask: Ask) -> None:
    answer = await ask("GET", "openapi.json")
    assert answer.status == 200
    assert answer.json == json.loads(openapi_text())
