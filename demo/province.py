"""The demonstration: a sample province with people, an open round and two thirds of the form filled."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import models, transaction
from django.utils import timezone

from accounts.actions import create_agency
from accounts.models import Agency, Province, User
from accounts.roles import Role
from demo.content import SampleSetting, sample_values
from demo.filling import AuthorTeam, attach_sample_evidence, fill_answers
from demo.people import create_sample_people
from evidence.attaching.queries import marked_addresses
from scoring.engine.queries import get_score_sheet
from scoring.externals import actions as externals
from survey.answering.opening import ensure_response
from survey.answering.queries import response_path
from survey.assigning import actions as assignments
from survey.assigning.list_actions import apply_assignment_list
from survey.instrument.progress import progress_by_section, total_progress
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.models import Assignment, Instrument, Response, Round, SubPillar
from survey.rounds import actions as rounds
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject

PrintLine = Callable[[str], None]
SampleData = Mapping[str, Any]

SAMPLE_FILE: Final = settings.BASE_DIR / "fixtures" / "demo" / "nong-khai.yaml"
DAYS_OPEN: Final = 21  # from today until the round closes
ANSWERED_SHARE: Final = 0.66
REOPENING_REASON: Final = "ตัวอย่าง: เลื่อนวันให้รอบสาธิตเปิดอยู่"
COMMITTEE_COMMENT: Final = "ตัวอย่าง: ขอให้แนบรายงานการประชุมฉบับที่รับรองแล้ว"


def load_sample(path: Path = SAMPLE_FILE) -> SampleData:
    """The reviewed file of the sample province."""
    data: SampleData = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def build_sample_province(*, data: SampleData, fresh: bool, say: PrintLine) -> Round:
    """Makes what is missing of the demonstration; `fresh` makes its round anew. Running it again changes nothing."""
    instrument = _load_reference_data(data, say)
    province = Province.objects.get(code=data["province"])
    agencies = _ensure_agencies(province, data)
    people = create_sample_people(province=province, agencies=agencies, rows=data["users"])
    say(f"{province.code}: {len(agencies)} agencies, {len(people)} sample users")
    standing = Round.objects.filter(province=province, year=data["round"]["year"])
    if fresh:
        delete_with_dependents(standing)
    round_ = standing.select_related("province", "instrument").first()
    if round_ is None:
        round_ = _create_round(province, instrument, data, say)
    else:
        _ensure_round_open(round_, data, say)
    return round_


def _load_reference_data(data: SampleData, say: PrintLine) -> Instrument:
    """Provinces, published results and the instrument, by the commands an administrator uses."""
    name = data["round"]["instrument"]
    for command in (
        ("load_provinces",),
        ("load_results",),
        ("instrument", "load", str(settings.BASE_DIR / "fixtures" / "instruments" / f"{name}.yaml"), "--publish"),
    ):
        out = StringIO()
        call_command(*command, stdout=out)
        for line in out.getvalue().splitlines():
            say(line)
    published = Instrument.objects.filter(year=data["round"]["year"], published_at__isnull=False)
    return published.latest("version")


def _ensure_agencies(province: Province, data: SampleData) -> list[Agency]:
    standing = {a.code: a for a in province.agencies.all()}
    out = []
    for row in data["agencies"]:
        fields = {k: row[k] for k in ("code", "kind", "name_th", "name_en")}
        out.append(standing.get(row["code"]) or create_agency(by=None, province=province, **fields))
    return out


# -- the round ------------------------------------------------------------------------------------


def _shifted_dates(data: SampleData) -> dict[str, Any]:
    """The sample's dates, moved together so that the round is open; the evidence period stays as printed."""
    given = data["round"]
    closes: datetime = timezone.localtime(given["closes_at"])
    shift = timezone.localdate() + timedelta(days=DAYS_OPEN) - closes.date()
    moved = {k: given[k] + shift for k in ("opens_on", "agency_due", "committee_on")}
    return {
        **moved,
        "closes_at": closes + shift,
        "period_from": given["period_from"],
        "period_to": given["period_to"],
    }


def _ensure_round_open(round_: Round, data: SampleData, say: PrintLine) -> None:
    if round_.is_closed(timezone.now()):
        admin = _user_with_role(data, Role.PROVINCE_ADMIN)
        rounds.change_round_dates(by=admin, round_=round_, dates=_shifted_dates(data), reason=REOPENING_REASON)
        say(f"round {round_.year}: was closed, its dates moved to today")
    else:
        say(f"round {round_.year}: stands, left as it is")


@transaction.atomic
def _create_round(province: Province, instrument: Instrument, data: SampleData, say: PrintLine) -> Round:
    """The round with all its content, or nothing."""
    admin = _user_with_role(data, Role.PROVINCE_ADMIN)
    dates = _shifted_dates(data)
    round_ = rounds.open_round(by=admin, province=province, instrument=instrument, dates=dates)
    planned = list(sample_assignments(round_, data))
    entries = [assignments.assignment_entry(a, round_) for a in planned]
    apply_assignment_list(by=_users_with_role(data, Role.SECRETARIAT)[0], round_=round_, entries=entries, replace=False)
    say(f"round {round_.year}: opened, {len(entries)} assignments")
    response = _get_response(round_)
    scene = SampleSetting(province.name_th, data["host"])
    _fill_provincial_answer(response, data, scene, say)
    for user, agency in _coordinators(data, province):
        contribution = ensure_response(by=user, round_=round_, agency=agency)
        _fill_contribution(_get_response(round_, contribution.agency_id), user, scene, planned)
    return round_


def _get_response(round_: Round, agency_id: int | None = None) -> Response:
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    return rows.get(round=round_, agency=agency_id)


def _fill_provincial_answer(response: Response, data: SampleData, scene: SampleSetting, say: PrintLine) -> None:
    """The provincial answer: two thirds answered, some of it doubted, some proof missing."""
    instrument = compiled_instrument(response.round.instrument)
    team = AuthorTeam(_users_with_role(data, Role.SECRETARIAT), seed=data["seed"])
    values = sample_values(instrument, team.seed, ANSWERED_SHARE, scene=scene)
    saved = fill_answers(team=team, response=response, values=values, unsure=3, redone=0.2)
    proven = attach_sample_evidence(team=team, response=response, missing=0.15, unmarked=0.1, late=0.1)
    for row in data["external_scores"]:
        externals.save_external_score(
            by=team.pick(),
            response=response,
            sub_pillar=row["sub_pillar"],
            score=Decimal(row["score"]),
            source=row["source"]["th"],
            dated=row["dated"],
        )
    question = next(q for q in questions_by_item_id(response.round.instrument).values() if q.item_id in values)
    threads.start_thread(
        by=_user_with_role(data, Role.COMMITTEE),
        response=response,
        text=COMMITTEE_COMMENT,
        about=ThreadSubject(question),
    )
    say(f"provincial answer: {saved} questions saved by {len(team.authors)} people")
    say(f"evidence: attached at {proven.attached} of {proven.places} places, marked at {proven.marked}")


def _fill_contribution(response: Response, user: User, scene: SampleSetting, planned: list[Assignment]) -> None:
    """An agency's own contribution to what it answers for."""
    mine = [a for a in planned if a.agency_id == response.agency_id and not a.if_any]
    instrument = compiled_instrument(response.round.instrument)
    only = {q for a in mine for q in assigned_questions(instrument, a)}
    team = AuthorTeam([user], seed=user.email)
    values = sample_values(instrument, team.seed, ANSWERED_SHARE, only=only, scene=scene)
    fill_answers(team=team, response=response, values=values, unsure=1)


def summarize_round(round_: Round) -> list[str]:
    """How the provincial answer stands, one line each."""
    response = _get_response(round_)
    progress = total_progress(progress_by_section(response_path(response), marked_addresses(response)))
    sheet = get_score_sheet(response)
    closes = timezone.localtime(round_.closes_at)
    return [
        f"answered {progress.answered} of {progress.total} required fields ({progress.percent} %)",
        f"evidence in place at {progress.evidence - progress.missing_evidence} of {progress.evidence} places",
        f"estimated score {sheet.total:.2f}",
        f"evidence period {round_.period_from:%Y-%m-%d} to {round_.period_to:%Y-%m-%d} as printed; "
        f"the other dates are made up, the round closes {closes:%Y-%m-%d %H:%M}",
    ]


# -- assignments ----------------------------------------------------------------------------------


def sample_assignments(round_: Round, data: SampleData) -> Iterator[Assignment]:
    """The assignments of the file, groups written out: a group leaves out agencies named for the same thing."""
    agencies = {a.code: a for a in round_.province.agencies.all()}
    rows = [(row, target) for row in data["assignments"] for target in _targets(round_.instrument, row)]
    named: dict[Any, set[str]] = {}
    for row, target in rows:
        named.setdefault(_target_key(target), set()).update(to["agency"] for to in row["to"] if "agency" in to)
    groups = {
        name: [code for code, agency in agencies.items() if agency.kind in group["kinds"]]
        for name, group in data["groups"].items()
    }
    for row, target in rows:
        for to in row["to"]:
            members = [c for c in groups.get(to.get("group"), ()) if c not in named[_target_key(target)]]
            for code in [to["agency"]] if "agency" in to else members:
                yield Assignment(
                    round=round_,
                    agency=agencies[code],
                    role=to["role"],
                    if_any=bool(to.get("if_any")),
                    item_id=row.get("part", ""),
                    note=row.get("note", {}).get("th", ""),
                    **target,
                )


def _target_key(target: Mapping[str, Any]) -> tuple[str, int]:
    ((name, row),) = target.items()
    return name, row.pk


def _targets(instrument: Instrument, row: SampleData) -> Iterator[dict[str, Any]]:
    """The questions or sub-pillars a line of the file is about."""
    if "questions" in row:
        questions = questions_by_item_id(instrument)
        yield from ({"question": questions[item_id]} for item_id in row["questions"])
        return
    subs = SubPillar.objects.filter(pillar__instrument=instrument)
    found = (
        subs.filter(code=row["sub_pillar"])
        if "sub_pillar" in row
        else subs.filter(pillar__number=row["pillar"], parent=None)
    )
    yield from ({"sub_pillar": sub} for sub in found)


def assigned_questions(instrument: Compiled, assignment: Assignment) -> set[str]:
    """The questions an assignment covers."""
    if assignment.question is not None:
        return {assignment.question.item_id}
    code = assignment.sub_pillar.code if assignment.sub_pillar else None
    parts = {s.code for s in instrument.sub_pillars.values() if code in (s.code, s.parent)}
    return {q.id for q in instrument.questions if q.sub_pillar in parts}


# -- people ---------------------------------------------------------------------------------------


def _users_with_role(data: SampleData, role: Role) -> list[User]:
    emails = [row["email"] for row in data["users"] if row["role"] == role]
    return list(User.objects.filter(email__in=emails).order_by("pk"))


def _user_with_role(data: SampleData, role: Role) -> User:
    return _users_with_role(data, role)[0]


def _coordinators(data: SampleData, province: Province) -> Iterator[tuple[User, Agency]]:
    for row in data["users"]:
        if "agency" in row:
            yield User.objects.get(email=row["email"]), province.agencies.get(code=row["agency"])


# -- starting anew --------------------------------------------------------------------------------


@transaction.atomic
def delete_with_dependents(rows: models.QuerySet[Any]) -> None:
    """Deletes rows and all that hangs on them, protected or not. Only the demonstration's round may go so."""
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.on_delete in (models.PROTECT, models.CASCADE):
            hanging = relation.related_model._default_manager
            delete_with_dependents(hanging.filter(**{f"{relation.field.name}__in": keys}))
    rows.model._default_manager.filter(pk__in=keys).delete()
