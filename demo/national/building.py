"""Builds the made-up nation: a round of the year in every province, answered, approved, with published results.

Answers are written in bulk with the events that saving them one by one would leave, so that journals verify; submission
and approval go through the actions that the pages use. Rounds of the nation are known by who opened their journal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.actions import grant_role
from accounts.models import Membership, Province, User
from accounts.respondents import of_provinces
from accounts.roles import Role
from demo.content import values_by_question
from demo.deletion import delete_with_dependents
from demo.national.standings import Standing
from evidence.attaching.snapshot import evidence_snapshot
from nation.figures.standing_levels import read_levels
from scoring.models import OfficialResult
from scoring.results.actions.files import import_table
from scoring.results.published_table import PublishedTable
from scoring.results.queries import read_results
from scoring.scheme.registry import MissingScheme
from scoring.scheme.types import ScoringScheme
from survey.answering.actions import diff_answers
from survey.approval import actions as approval
from survey.approval.review import read_evidence_and_score
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import AnswerValue
from survey.journal import actions as journal
from survey.models import Answer, Event, Instrument, Response, Round
from survey.rounds import actions as rounds

SECRETARY: Final = "nation-secretary@sample.example.org"
GOVERNOR: Final = "nation-governor@sample.example.org"
SOURCE: Final = "ตัวอย่าง: ผลสมมุติของประเทศตัวอย่าง"
DAYS_OPEN: Final = 30
COLUMNS: Final = ("framework", "subject", "kind", "code", "score", "rank", "level", "from", "source")


class NotEmpty(Exception):
    """There are rounds or results of the year that the made-up nation did not make."""


@dataclass(frozen=True, slots=True)
class SampleProvince:
    """What is built of one province: its answers, flat, and its result; None where the published one stands."""

    values: Mapping[str, AnswerValue]
    standing: Standing | None


def check_empty(year: int) -> None:
    """Raises NotEmpty where real provinces have rounds of the year or a later one, which would be compared with it."""
    own = Event.objects.filter(verb="response.open", by__email=SECRETARY).values("response__round")
    if others := Round.objects.filter(of_provinces(), year__gte=year).exclude(pk__in=own).count():
        raise NotEmpty(f"{others} rounds of {year} or later are not of the made-up nation")


def read_real_levels(scheme: ScoringScheme) -> dict[str, dict[str, int]]:
    """Levels by code of the provinces whose published results of the scheme's year are real, by code of the province.

    They stay as they are. Raises NotEmpty where one of them does not say every level.
    """
    rows = OfficialResult.objects.filter(year=scheme.year, province__isnull=False).exclude(source=SOURCE)
    found = {}
    for province in Province.objects.filter(pk__in=rows.values("province")):
        levels = read_levels(scheme, read_results(province, scheme.year)[0])["levels"]
        if missing := [code for code in _codes(scheme) if code not in levels]:
            raise NotEmpty(f"the published result of {province.code} in {scheme.year} does not tell {missing[0]}")
        found[province.code] = levels
    return found


def _codes(scheme: ScoringScheme) -> list[str]:
    pillars = scheme.pillars
    return [p.number for p in pillars] + [sub.code for p in pillars for sub in p.sub_pillars]


@transaction.atomic
def build_nation(instrument: Instrument, built: Mapping[str, SampleProvince]) -> int:
    """Builds the nation anew, or nothing; `built` by code of the province. Returns the number of provinces."""
    check_empty(instrument.year)
    delete_with_dependents(Round.objects.filter(of_provinces(), year=instrument.year))
    provinces = list(Province.objects.provinces().filter(code__in=built))
    people = _ensure_people(provinces)
    for province in provinces:
        _build_province(province, instrument, people, built[province.code].values)
    _publish(instrument.year, {code: one.standing for code, one in built.items() if one.standing is not None})
    return len(provinces)


def _ensure_people(provinces: Sequence[Province]) -> dict[Role, User]:
    """Two people without a password: who answers everywhere, and who approves."""
    people = {}
    for email, role in ((SECRETARY, Role.SECRETARIAT), (GOVERNOR, Role.GOVERNOR)):
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, None, first_name="ตัวอย่าง", last_name="ประเทศตัวอย่าง"
        )
        held = set(Membership.objects.current().filter(user=user, role=role).values_list("province", flat=True))
        for province in provinces:
            if province.pk not in held:
                grant_role(by=None, user=user, role=role, province=province, agency=None)
        people[role] = User.objects.get(pk=user.pk)  # its roles are read anew
    return people


def _build_province(
    province: Province, instrument: Instrument, people: Mapping[Role, User], values: Mapping[str, AnswerValue]
) -> None:
    secretary, governor = people[Role.SECRETARIAT], people[Role.GOVERNOR]
    round_ = rounds.open_round(
        by=secretary, province=province, instrument=instrument, dates=_dates(instrument), guards=()
    )
    response = Response.objects.select_related("round__province", "round__instrument").get(round=round_, agency=None)
    _write_answers(response, secretary, values)
    approval.submit_response(by=secretary, response=response, points=lambda _response: [], reasons={})
    approval.approve_response(by=governor, response=response, compose=_compose_snapshot)


def _compose_snapshot(response: Response) -> dict[str, Any]:
    """What is frozen with an answer; without a score where the year's scheme scores published tables only."""
    try:
        return read_evidence_and_score(response)
    except MissingScheme:
        return {"scheme": None, "external": [], "score": None, "evidence": evidence_snapshot(response)}


def _dates(instrument: Instrument) -> dict[str, Any]:
    today, now = timezone.localdate(), timezone.now()
    return {
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "opens_on": today - timedelta(days=DAYS_OPEN),
        "agency_due": today,
        "committee_on": today,
        "closes_at": now + timedelta(days=DAYS_OPEN),
    }


def _write_answers(response: Response, by: User, values: Mapping[str, AnswerValue]) -> None:
    """All answers and their events in two statements: the chain of hashes is made here as saving makes it."""
    questions = questions_by_item_id(response.round.instrument)
    locked, now = journal.lock_response(response.pk), timezone.now()
    answers, events = [], []
    for item, value in values_by_question(compiled_instrument(response.round.instrument), values).items():
        question, new = questions[item], {"value": value, "unsure": False, "note": ""}
        answers.append(Answer(response=locked, question=question, saved_by=by, saved_at=now, **new))
        event = Event(
            response=locked,
            seq=locked.version + 1,
            at=now,
            by=by,
            verb="answer.save",
            question=question,
            data=diff_answers({}, new),
            previous=locked.head,
        )
        event.hash = journal.compute_event_hash(event)
        locked.version, locked.head = event.seq, event.hash
        events.append(event)
    Answer.objects.bulk_create(answers)
    Event.objects.bulk_create(events)
    Response.objects.filter(pk=locked.pk).update(version=locked.version, head=locked.head)
    response.version, response.head = locked.version, locked.head


def _publish(year: int, standings: Mapping[str, Standing]) -> None:
    """The results, by the import that an administrator uses."""
    totals = sorted((one.scores["total", "total"] for one in standings.values()), reverse=True)
    rows = [COLUMNS]
    for code, one in standings.items():
        for (kind, what), score in one.scores.items():
            rank = str(totals.index(score) + 1) if kind == "total" else ""
            level = str(one.levels[kind, what])
            rows.append((str(year), code, kind, what, str(score), rank, level, "official", SOURCE))
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    digest = sha256(text.getvalue().encode()).hexdigest()
    import_table(table=PublishedTable(tuple(rows), digest), name=f"sample-{year}.csv")
