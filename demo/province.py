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
from demo.content import Scene, sample_values
from demo.filling import Team, answer, prove
from demo.people import create_people
from evidence.attaching.queries import marked_addresses
from scoring.engine.queries import scoresheet
from scoring.externals import actions as externals
from survey.answering.opening import ensure_response
from survey.answering.queries import path_of
from survey.assigning import actions as assignments
from survey.instrument.progress import by_section, overall
from survey.instrument.queries import instrument_of, questions_of
from survey.instrument.schema import Instrument as Compiled
from survey.models import Assignment, Instrument, Response, Round, SubPillar
from survey.rounds import actions as rounds
from survey.threads import actions as threads
from survey.threads.actions import About

Say = Callable[[str], None]
Data = Mapping[str, Any]

FILE: Final = settings.BASE_DIR / "fixtures" / "demo" / "nong-khai.yaml"
OPEN_DAYS: Final = 21  # from today until the round closes
SHARE: Final = 0.66
REOPENED: Final = "ตัวอย่าง: เลื่อนวันให้รอบสาธิตเปิดอยู่"
REMARK: Final = "ตัวอย่าง: ขอให้แนบรายงานการประชุมฉบับที่รับรองแล้ว"


def load(path: Path = FILE) -> Data:
    """The reviewed file of the sample province."""
    data: Data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def build(*, data: Data, fresh: bool, say: Say) -> Round:
    """Makes what is missing of the demonstration; `fresh` makes its round anew. Running it again changes nothing."""
    instrument = _ground(data, say)
    province = Province.objects.get(code=data["province"])
    agencies = _agencies(province, data)
    people = create_people(province=province, agencies=agencies, rows=data["users"])
    say(f"{province.code}: {len(agencies)} agencies, {len(people)} sample users")
    standing = Round.objects.filter(province=province, year=data["round"]["year"])
    if fresh:
        erase(standing)
    round_ = standing.select_related("province", "instrument").first()
    if round_ is None:
        round_ = _start(province, instrument, data, say)
    else:
        _keep_open(round_, data, say)
    return round_


def _ground(data: Data, say: Say) -> Instrument:
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


def _agencies(province: Province, data: Data) -> list[Agency]:
    standing = {a.code: a for a in province.agencies.all()}
    out = []
    for row in data["agencies"]:
        fields = {k: row[k] for k in ("code", "kind", "name_th", "name_en")}
        out.append(standing.get(row["code"]) or create_agency(by=None, province=province, **fields))
    return out


# -- the round ------------------------------------------------------------------------------------


def _dates(data: Data) -> dict[str, Any]:
    """The sample's dates, moved together so that the round is open; the evidence period stays as printed."""
    given = data["round"]
    closes: datetime = timezone.localtime(given["closes_at"])
    shift = timezone.localdate() + timedelta(days=OPEN_DAYS) - closes.date()
    moved = {k: given[k] + shift for k in ("opens_on", "agency_due", "committee_on")}
    return {
        **moved,
        "closes_at": closes + shift,
        "period_from": given["period_from"],
        "period_to": given["period_to"],
    }


def _keep_open(round_: Round, data: Data, say: Say) -> None:
    if round_.is_closed(timezone.now()):
        admin = _person(data, Role.PROVINCE_ADMIN)
        rounds.change_dates(by=admin, round_=round_, dates=_dates(data), reason=REOPENED)
        say(f"round {round_.year}: was closed, its dates moved to today")
    else:
        say(f"round {round_.year}: stands, left as it is")


@transaction.atomic
def _start(province: Province, instrument: Instrument, data: Data, say: Say) -> Round:
    """The round with all its content, or nothing."""
    admin = _person(data, Role.PROVINCE_ADMIN)
    dates = _dates(data)
    round_ = rounds.open_round(by=admin, province=province, instrument=instrument, dates=dates)
    planned = list(assign(round_, data))
    entries = [assignments.entry_of(a, round_) for a in planned]
    assignments.apply(by=_people(data, Role.SECRETARIAT)[0], round_=round_, entries=entries, replace=False)
    say(f"round {round_.year}: opened, {len(entries)} assignments")
    response = _response(round_)
    scene = Scene(province.name_th, data["host"])
    _fill(response, data, scene, say)
    for user, agency in _coordinators(data, province):
        contribution = ensure_response(by=user, round_=round_, agency=agency)
        _contribute(_response(round_, contribution.agency_id), user, scene, planned)
    return round_


def _response(round_: Round, agency_id: int | None = None) -> Response:
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    return rows.get(round=round_, agency=agency_id)


def _fill(response: Response, data: Data, scene: Scene, say: Say) -> None:
    """The provincial answer: two thirds answered, some of it doubted, some proof missing."""
    instrument = instrument_of(response.round.instrument)
    team = Team(_people(data, Role.SECRETARIAT), seed=data["seed"])
    values = sample_values(instrument, team.seed, SHARE, scene=scene)
    saved = answer(team=team, response=response, values=values, unsure=3, redone=0.2)
    proven = prove(team=team, response=response, missing=0.15, unmarked=0.1, late=0.1)
    for row in data["external_scores"]:
        externals.save(
            by=team.pick(),
            response=response,
            sub_pillar=row["sub_pillar"],
            score=Decimal(row["score"]),
            source=row["source"]["th"],
            dated=row["dated"],
        )
    question = next(q for q in questions_of(response.round.instrument).values() if q.item_id in values)
    threads.start(by=_person(data, Role.COMMITTEE), response=response, text=REMARK, about=About(question))
    say(f"provincial answer: {saved} questions saved by {len(team.authors)} people")
    say(f"evidence: attached at {proven.attached} of {proven.places} places, marked at {proven.marked}")


def _contribute(response: Response, user: User, scene: Scene, planned: list[Assignment]) -> None:
    """An agency's own contribution to what it answers for."""
    mine = [a for a in planned if a.agency_id == response.agency_id and not a.if_any]
    instrument = instrument_of(response.round.instrument)
    only = {q for a in mine for q in assigned_questions(instrument, a)}
    team = Team([user], seed=user.email)
    values = sample_values(instrument, team.seed, SHARE, only=only, scene=scene)
    answer(team=team, response=response, values=values, unsure=1)


def summary(round_: Round) -> list[str]:
    """How the provincial answer stands, one line each."""
    response = _response(round_)
    progress = overall(by_section(path_of(response), marked_addresses(response)))
    sheet = scoresheet(response)
    closes = timezone.localtime(round_.closes_at)
    return [
        f"answered {progress.answered} of {progress.total} required fields ({progress.percent} %)",
        f"evidence in place at {progress.evidence - progress.missing_evidence} of {progress.evidence} places",
        f"estimated score {sheet.total:.2f}",
        f"evidence period {round_.period_from:%Y-%m-%d} to {round_.period_to:%Y-%m-%d} as printed; "
        f"the other dates are made up, the round closes {closes:%Y-%m-%d %H:%M}",
    ]


# -- assignments ----------------------------------------------------------------------------------


def assign(round_: Round, data: Data) -> Iterator[Assignment]:
    """The assignments of the file, groups written out: a group leaves out agencies named for the same thing."""
    agencies = {a.code: a for a in round_.province.agencies.all()}
    rows = [(row, target) for row in data["assignments"] for target in _targets(round_.instrument, row)]
    named: dict[Any, set[str]] = {}
    for row, target in rows:
        named.setdefault(_key(target), set()).update(to["agency"] for to in row["to"] if "agency" in to)
    groups = {
        name: [code for code, agency in agencies.items() if agency.kind in group["kinds"]]
        for name, group in data["groups"].items()
    }
    for row, target in rows:
        for to in row["to"]:
            members = [c for c in groups.get(to.get("group"), ()) if c not in named[_key(target)]]
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


def _key(target: Mapping[str, Any]) -> tuple[str, int]:
    ((name, row),) = target.items()
    return name, row.pk


def _targets(instrument: Instrument, row: Data) -> Iterator[dict[str, Any]]:
    """The questions or sub-pillars a line of the file is about."""
    if "questions" in row:
        questions = questions_of(instrument)
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


def _people(data: Data, role: Role) -> list[User]:
    emails = [row["email"] for row in data["users"] if row["role"] == role]
    return list(User.objects.filter(email__in=emails).order_by("pk"))


def _person(data: Data, role: Role) -> User:
    return _people(data, role)[0]


def _coordinators(data: Data, province: Province) -> Iterator[tuple[User, Agency]]:
    for row in data["users"]:
        if "agency" in row:
            yield User.objects.get(email=row["email"]), province.agencies.get(code=row["agency"])


# -- starting anew --------------------------------------------------------------------------------


@transaction.atomic
def erase(rows: models.QuerySet[Any]) -> None:
    """Deletes rows and all that hangs on them, protected or not. Only the demonstration's round may go so."""
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    for relation in rows.model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ForeignObjectRel) and relation.on_delete in (models.PROTECT, models.CASCADE):
            hanging = relation.related_model._default_manager
            erase(hanging.filter(**{f"{relation.field.name}__in": keys}))
    rows.model._default_manager.filter(pk__in=keys).delete()
