"""The API answers as its OpenAPI document says, whatever schemathesis makes of the document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode

from reports.api.views import PREFIX
from tests.flow import Flow
from tests.reports.api.conftest import Program, program_of

OPERATIONS = 9


@pytest.fixture(autouse=True)
def _open_connection() -> Iterator[None]:
    """The end of a request leaves the test's transaction alone, as Django's own client sees to it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def reader(filled: Flow, settings: Any) -> Program:
    settings.ALLOWED_HOSTS = ["*"]
    settings.API_LIMITS = type(settings.API_LIMITS)(100_000, 100_000, *_rest(settings.API_LIMITS))
    return program_of(filled.secretariat, filled.province)


def _rest(limits: Any) -> tuple[int, int, int]:
    return limits.page, limits.tokens, limits.days


@pytest.mark.slow
@pytest.mark.once
def test_every_operation_answers_as_documented(filled: Flow, reader: Program) -> None:
    headers = {"Authorization": f"Bearer {reader.secret}"}
    document = schemathesis.openapi.from_wsgi(f"{PREFIX}openapi.json", get_wsgi_application(), headers=headers)
    real = {"rounds": filled.round.pk, "responses": filled.response.pk}
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == OPERATIONS
    for operation in operations:
        for mode, examples in ((GenerationMode.POSITIVE, 8), (GenerationMode.NEGATIVE, 4)):
            _ask(operation, headers, real.get(operation.path.split("/")[3], 0), mode, examples)


def _ask(operation: Any, headers: dict[str, str], key: int, mode: GenerationMode, examples: int) -> None:
    """Asks an operation in made-up ways; of those that are right, each second time for what there is."""
    turns = iter(range(10_000))

    @seed(14)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def asked(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and "pk" in case.path_parameters and next(turns) % 2 == 0:
            case.path_parameters["pk"] = key
        answer = case.call(headers=headers)
        case.validate_response(answer, headers=headers)
        assert answer.status_code in ({200, 404} if mode is GenerationMode.POSITIVE else {200, 400, 401, 404, 405, 422})

    asked()
