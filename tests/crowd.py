"""A round of the real form with many agencies at every stage, for tests of size and for pictures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import cycle

from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Role
from demo.content import sample_values, values_by_question
from survey.answering.opening import ensure_response
from survey.assigning.queries import assignment_target
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Assignment, Response, Round, SubPillar
from tests.factories import AgencyFactory, MembershipFactory
from tests.trial import REAL, Trial, form, make_trial

STAGES = ("open", "open", "submitted", "accepted", "open", "returned", "submitted", "declined")


@dataclass
class Crowd:
    """What the tests ask for."""

    round: Round
    agencies: list[Agency]
    secretariat: User
    coordinator: User

    @property
    def base(self) -> str:
        """Where the round's pages begin."""
        return f"/p/{self.round.province.code}/{self.round.year}/"


def make_crowd(agencies: int, *, every: bool = False) -> Crowd:
    """Agencies that each do all top-level sub-pillars (`every`) or most of them, each at a stage of its own."""
    trial = make_trial(REAL)
    name = "สำนักงานตัวอย่างที่ {} จังหวัดตัวอย่าง"
    numbers = range(1, agencies + 1)
    found = [AgencyFactory(province=trial.province, code=f"C{n}", name_th=name.format(n)) for n in numbers]
    subs = SubPillar.objects.filter(pillar__instrument=trial.instrument, parent=None)
    asked = [
        s
        for s in subs.order_by("pillar__order", "order")
        if covered_questions(trial.compiled, AssignmentTarget(s.code))
    ]
    stages = cycle(STAGES)
    rows = []
    for number, agency in enumerate(found):
        for place, sub in enumerate(asked):
            if not every and (number * 7 + place * 3) % 5 == 0:
                continue
            row = make_part(trial, next(stages), loose=(number + place) % 3 == 0, late=place % 6 == 5)
            row.agency, row.sub_pillar = agency, sub
            rows.append(row)
    Assignment.objects.bulk_create(rows)
    by = trial.secretariat
    for number, agency in enumerate(found):
        if number % 6 != 5 or every:
            contribute(trial.round, agency, by, share=0.35 + 0.1 * (number % 6))
    coordinator = MembershipFactory(agency=found[0], role=Role.COORDINATOR).user
    return Crowd(trial.round, found, trial.secretariat, coordinator)


def make_part(trial: Trial, state: str, *, loose: bool, late: bool) -> Assignment:
    """A part at a stage, not yet given to an agency; `loose`: only if there is anything."""
    return Assignment(
        round=trial.round,
        role="S" if loose else "R",
        if_any=loose,
        state=state,
        state_at=timezone.now() if state != "open" else None,
        state_by=trial.secretariat if state != "open" else None,
        state_note="ขอหลักฐานฉบับลงนาม และระบุปี" if state in ("returned", "declined") else "",
        due=timezone.localdate() - timedelta(days=2) if late else None,
    )


def contribute(round_: Round, agency: Agency, by: User, share: float) -> Response:
    """Made-up answers to what the agency is assigned."""
    response = ensure_response(by=None, round_=round_, agency=agency)
    compiled = compiled_instrument(round_.instrument)
    mine = Assignment.objects.filter(round=round_, agency=agency)
    only = frozenset(q for a in mine for q in covered_questions(compiled, assignment_target(round_.instrument, a)))
    rows = questions_by_item_id(round_.instrument)
    Answer.objects.bulk_create(
        Answer(response=response, question=rows[q], value=value, saved_by=by, saved_at=timezone.now())
        for q, value in _made_up(agency.code, share, only).items()
    )
    return response


@cache
def _made_up(seed: str, share: float, only: frozenset[str]) -> dict[str, dict[str, AnswerValue]]:
    """The same answers each time, so that they are made once per process."""
    return values_by_question(form(REAL), sample_values(form(REAL), seed, share, only=only))
