"""Many provinces with a submitted answer of the made-up year, written in bulk: for pages about all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.utils import timezone

from accounts.models import Province, User
from nation.models import ProvinceFigures
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Response, Round
from tests.factories import UserFactory
from tests.trial import publish

Values = Mapping[str, Mapping[str, AnswerValue]]  # by question


def make_provinces(
    count: int,
    values_of: Callable[[int], Values],
    *,
    state: str = Response.State.SUBMITTED,
    by: User | None = None,
) -> list[Response]:
    """The answers of so many new provinces, with the facts that reasons are read from kept of each."""
    form, now, by = publish(), timezone.now(), by or UserFactory()
    first = Province.objects.count()
    provinces = Province.objects.bulk_create(
        Province(code=f"TX-{first + n}", name_th=f"จังหวัดที่ {first + n}", name_en=f"Province {first + n}", region="north")
        for n in range(count)
    )
    day = timezone.localdate()
    dates = {"opens_on": day, "agency_due": day, "committee_on": day, "closes_at": now + timedelta(days=20)}
    period = {"period_from": form.period_from, "period_to": form.period_to}
    rounds = Round.objects.bulk_create(
        Round(province=one, instrument=form, year=form.year, **period, **dates) for one in provinces
    )
    responses = Response.objects.bulk_create(Response(round=one, state=state, version=1) for one in rounds)
    questions, compiled = questions_by_item_id(form), compiled_instrument(form)
    for number, response in enumerate(responses):
        given = values_of(number)
        Answer.objects.bulk_create(
            Answer(response=response, question=questions[item], value=dict(value), saved_by=by, saved_at=now)
            for item, value in given.items()
        )
        path = resolve_path(compiled, {a: v for value in given.values() for a, v in value.items()})
        _keep_reasons(response, path)
    return responses


def _keep_reasons(response: Response, path: QuestionnairePath) -> None:
    ProvinceFigures.objects.create(
        response=response,
        province=response.round.province,
        year=response.round.year,
        version=response.version,
        basis="test",
        state=response.state,
        counted_at=timezone.now(),
        facts={"reasons": {item: path.values[item] for item in ("T1.1",) if item in path.values}},
    )
