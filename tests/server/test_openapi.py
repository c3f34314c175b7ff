"""The routes' own description: complete, and served; docs/ holds it, too."""

from __future__ import annotations

import json

from conda_store_labext.extension.openapi import rows
from conda_store_labext.extension.routes import table
from tests.server.asking import Ask
from tests.server.describe import openapi_text


def test_every_reference_leads_somewhere() -> None:
    text = openapi_text()
    schemas = json.loads(text)["components"]["schemas"]
    wanted = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted == set(schemas)


def test_every_operation_has_a_name_of_its_own() -> None:
    paths = json.loads(openapi_text())["paths"]
    names = [operation["operationId"] for methods in paths.values() for operation in methods.values()]
    assert len(names) == len(set(names)) == len(rows(table()))


async def test_it_is_served(ask: Ask) -> None:
    answer = await ask("GET", "openapi.json")
    assert answer.status == 200
    assert answer.json == json.loads(openapi_text())
