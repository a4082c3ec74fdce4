"""The API is what `/v1/openapi.json` says, whatever is sent to it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.service.api_world import PURPOSE, Api
from tests.service.conftest import settings_of

from tallystick.doors.api import create_app


@pytest.fixture(scope="module")
def described(api: Api) -> Any:
    return schemathesis.openapi.from_asgi("/v1/openapi.json", begun(api.client.app))


def begun(app: Any) -> Any:
    """An application that runs already, for a client that would begin and end it with each request."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for part in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{part}.complete"})

    return answer


OPERATIONS = [
    (method.upper(), path)
    for path, item in create_app(settings_of(Path("nowhere"))).openapi()["paths"].items()
    for method in item
]
NOT_TOLD = {("POST", "/v1/batches"): [positive_data_acceptance]}
"""What a schema cannot say: that a mapping is TOML with the right tables in it."""
EXAMPLES = int(os.environ.get("TALLYSTICK_EXAMPLES", "10"))
"""Requests of each sort per endpoint; more for a night."""


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=lambda part: part)
@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.name)
def test_every_answer_is_one_that_is_described(
    described: Any, api: Api, method: str, path: str, mode: Any
) -> None:
    headers = PURPOSE | {"Authorization": f"Bearer {api.keys['operator']}"}
    cases = described[path][method].as_strategy(generation_mode=mode)

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases)
    def answers(case: Any) -> None:
        case.call_and_validate(headers=headers, excluded_checks=NOT_TOLD.get((method, path)))

    with suppress(Unsatisfiable):  # nothing wrong can be sent where nothing is asked for
        answers()
