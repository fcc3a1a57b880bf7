"""The API against its own description: schemathesis makes requests of it, good and bad, and checks every answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.serve.apiclient import ROOT, ApiClient
from tracker.serve.api.asked import list_parameters
from tracker.serve.api.filters import AS_OF, CURSOR, FORMAT, LIMIT, UPDATED_SINCE
from tracker.serve.api.resources import RESOURCES
from tracker.serve.api.searching import PARAMETERS

EXAMPLES = 10
OPERATIONS = 26


@pytest.fixture(scope="module")
def described(api: ApiClient) -> Any:
    return schemathesis.openapi.from_asgi(f"{ROOT}/openapi.json", api.app)


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_every_answer_is_as_described(described: Any, mode: GenerationMode) -> None:
    operations = [item.ok() for item in described.get_all_operations()]
    assert len(operations) == OPERATIONS
    for operation in operations:

        @hypothesis.settings(
            max_examples=EXAMPLES, database=None, derandomize=True, suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Any) -> None:
            answer = case.call()
            # a name that nobody bears and a cursor that was never given are right by the description
            excluded = [positive_data_acceptance]
            excluded += [negative_data_rejection] if answer.status_code == 414 else []
            case.validate_response(answer, excluded_checks=excluded)
            if answer.status_code >= 400:
                assert answer.headers["content-type"] == ["application/problem+json"]

        check()


def test_the_handbook_lists_every_filter() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \|$", page, re.MULTILINE)
    listed = {name: set(re.findall(r"`(\w+)`", filters)) for name, filters in rows}
    shared = {item.name for item in (AS_OF, UPDATED_SINCE, LIMIT, CURSOR, FORMAT)} | {"fields"}
    known = {item.name: {one.name for one in list_parameters(item)} - shared for item in RESOURCES}
    assert listed == known | {"search": {item.name for item in PARAMETERS} - shared}
