"""Thirty agencies that have answered all questions of the real form: for query counts and page sizes."""

from __future__ import annotations

from functools import cache

from django.utils import timezone

from accounts.models import Agency, User
from demo.content import sample_values, values_by_question
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Answer, Assignment, Rasci, Response, Round

AGENCIES = 30
SHARE = 0.8
Card = dict[str, dict[str, AnswerValue]]


@cache
def samples(instrument: CompiledInstrument, number: int = AGENCIES) -> list[Card]:
    """What each agency answers; the first three say the same, so that something agrees."""
    made = [values_by_question(instrument, sample_values(instrument, f"agency {n}", SHARE)) for n in range(number)]
    return [made[0], made[0], made[0], *made[3:]]


def fill(round_: Round, by: User, number: int = AGENCIES) -> list[Response]:
    """Contributions with answers and parts handed in, without their journals."""
    questions = questions_by_item_id(round_.instrument)
    now = timezone.now()
    out = []
    for n, card in enumerate(samples(compiled_instrument(round_.instrument), number)):
        code = f"AG{n:02}"
        name = f"สำนักงานตัวอย่างจังหวัดลำดับที่ {n + 1}"
        agency, _made = Agency.objects.get_or_create(province=round_.province, code=code, defaults={"name_th": name})
        response = Response.objects.create(round=round_, agency=agency)
        Answer.objects.bulk_create(
            Answer(response=response, question=questions[q], value=value, saved_by=by, saved_at=now)
            for q, value in card.items()
        )
        Assignment.objects.bulk_create(
            Assignment(
                round=round_,
                agency=agency,
                question=questions[q],
                role=Rasci.RESPONSIBLE,
                state=Assignment.State.SUBMITTED,
            )
            for q in card
        )
        out.append(response)
    return out
