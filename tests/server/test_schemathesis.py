"""Whatever fits the routes' own description, and what nearly does, gets an answer that fits it, too."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from jupyter_server.serverapp import ServerApp
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.server.asking import Ask
from tests.stores import RunningStore

EXAMPLES = 5
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# they would start and stop a store of the user's own
LEFT_OUT = {("POST", "/local-store"), ("DELETE", "/local-store")}


class TestWithAViewersToken:
    """A viewer may ask for everything and change nothing, so that no other test loses what it needs."""

    @pytest.fixture
    def token(self, store: RunningStore) -> str:
        return store.viewer_token

    async def test_no_request_gets_an_answer_that_is_not_described(
        self, ask: Ask, jp_serverapp: ServerApp
    ) -> None:
        described = (await ask("GET", "openapi.json")).json
        base = f"{jp_serverapp.public_url.split('?')[0].rstrip('/')}/conda-store"
        headers = {"Authorization": f"token {jp_serverapp.identity_provider.token}"}
        tried = await asyncio.to_thread(try_all, described, base, headers)
        assert tried >= 30


def try_all(described: dict[str, Any], base: str, headers: dict[str, str]) -> int:
    """Send requests to every operation and check the answers; return how many operations there are."""
    schema = schemathesis.openapi.from_dict(described)
    count = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if (operation.method.upper(), operation.path) in LEFT_OUT:
            continue
        count += 1
        for mode in list(GenerationMode):

            @seed(1)
            @settings(
                max_examples=EXAMPLES,
                derandomize=True,
                deadline=None,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def run(case: Any) -> None:
                case.call_and_validate(base_url=base, headers=headers, checks=CHECKS)

            run()
    return count
