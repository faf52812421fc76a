"""The round of the sample province: its dates, assignments and answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import Province, User
from accounts.roles import Role
from demo.assignment_rows import assigned_questions, sample_assignments
from demo.content import SampleSetting, sample_values
from demo.filling import AuthorTeam, attach_sample_evidence, fill_answers
from demo.sample_file import PrintLine, SampleData
from demo.sample_users import coordinators, user_with_role, users_with_role
from scoring.externals import actions as externals
from survey.answering.opening import ensure_response
from survey.assigning import actions as assignments
from survey.assigning.list_actions import apply_assignment_list
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.models import Assignment, Instrument, Response, Round
from survey.rounds import actions as rounds
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject

DAYS_OPEN: Final = 21  # from today until the round closes
ANSWERED_SHARE: Final = 0.66
REOPENING_REASON: Final = "ตัวอย่าง: เลื่อนวันให้รอบสาธิตเปิดอยู่"
COMMITTEE_COMMENT: Final = "ตัวอย่าง: ขอให้แนบรายงานการประชุมฉบับที่รับรองแล้ว"


def _shifted_dates(data: SampleData) -> dict[str, Any]:
    """The sample's dates, moved together so that the round is open; the evidence period stays as printed."""
    round_data = data["round"]
    closes: datetime = timezone.localtime(round_data["closes_at"])
    shift = timezone.localdate() + timedelta(days=DAYS_OPEN) - closes.date()
    moved = {k: round_data[k] + shift for k in ("opens_on", "agency_due", "committee_on")}
    return {
        **moved,
        "closes_at": closes + shift,
        "period_from": round_data["period_from"],
        "period_to": round_data["period_to"],
    }


def ensure_round_open(round_: Round, data: SampleData, print_line: PrintLine) -> None:
    """Moves the dates of a round that has closed, so that it is open again."""
    if round_.is_closed(timezone.now()):
        admin = user_with_role(data, Role.PROVINCE_ADMIN)
        rounds.change_round_dates(by=admin, round_=round_, dates=_shifted_dates(data), reason=REOPENING_REASON)
        print_line(f"round {round_.year}: was closed, its dates moved to today")
    else:
        print_line(f"round {round_.year}: stands, left as it is")


@transaction.atomic
def create_round(province: Province, instrument: Instrument, data: SampleData, print_line: PrintLine) -> Round:
    """Creates the round with all its content, or nothing."""
    admin = user_with_role(data, Role.PROVINCE_ADMIN)
    dates = _shifted_dates(data)
    round_ = rounds.open_round(by=admin, province=province, instrument=instrument, dates=dates)
    planned = list(sample_assignments(round_, data))
    entries = [assignments.assignment_entry(a, round_) for a in planned]
    apply_assignment_list(by=users_with_role(data, Role.SECRETARIAT)[0], round_=round_, entries=entries, replace=False)
    print_line(f"round {round_.year}: opened, {len(entries)} assignments")
    response = get_response(round_)
    setting = SampleSetting(province.name_th, data["host"])
    _fill_provincial_answer(response, data, setting, print_line)
    for user, agency in coordinators(data, province):
        contribution = ensure_response(by=user, round_=round_, agency=agency)
        _fill_contribution(get_response(round_, contribution.agency_id), user, setting, planned)
    return round_


def get_response(round_: Round, agency_id: int | None = None) -> Response:
    """The provincial response of the round, or the contribution of an agency."""
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    return rows.get(round=round_, agency=agency_id)


def _fill_provincial_answer(
    response: Response, data: SampleData, setting: SampleSetting, print_line: PrintLine
) -> None:
    """Fills the provincial answer: two thirds answered, some marked unsure, some evidence missing."""
    instrument = compiled_instrument(response.round.instrument)
    team = AuthorTeam(users_with_role(data, Role.SECRETARIAT), seed=data["seed"])
    values = sample_values(instrument, team.seed, ANSWERED_SHARE, setting=setting)
    saved = fill_answers(team=team, response=response, values=values, unsure=3, redone=0.2)
    evidence = attach_sample_evidence(team=team, response=response, missing=0.15, unmarked=0.1, late=0.1)
    for row in data["external_scores"]:
        externals.save_external_score(
            by=team.pick(),
            response=response,
            sub_pillar=row["sub_pillar"],
            score=Decimal(row["score"]),
            source=row["source"]["th"],
            dated=row["dated"],
            origin="assumed" if row.get("sample") else "official",
        )
    question = next(q for q in questions_by_item_id(response.round.instrument).values() if q.item_id in values)
    threads.start_thread(
        by=user_with_role(data, Role.COMMITTEE),
        response=response,
        text=COMMITTEE_COMMENT,
        about=ThreadSubject(question),
    )
    print_line(f"provincial answer: {saved} questions saved by {len(team.authors)} people")
    print_line(f"evidence: attached at {evidence.attached} of {evidence.places} places, marked at {evidence.marked}")


def _fill_contribution(response: Response, user: User, setting: SampleSetting, planned: list[Assignment]) -> None:
    """Fills an agency's contribution to the questions assigned to it."""
    assigned = [a for a in planned if a.agency_id == response.agency_id and not a.if_any]
    instrument = compiled_instrument(response.round.instrument)
    only = {q for a in assigned for q in assigned_questions(instrument, a)}
    team = AuthorTeam([user], seed=user.email)
    values = sample_values(instrument, team.seed, ANSWERED_SHARE, only=only, setting=setting)
    fill_answers(team=team, response=response, values=values, unsure=1)
