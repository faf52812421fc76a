"""Pages of the centre that are kept by what they are made of show each change at once, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

import pytest
from django.db.models import F, Model
from django.test import Client
from django.utils import timezone

from accounts.models import Province, User
from accounts.roles import Role
from nation.models import (
    BulkAct,
    BulkStep,
    Objection,
    ObjectionDecision,
    PickedExample,
    ProvinceFigures,
    ReplyWindow,
)
from scoring.models import OfficialResult
from survey.instrument.queries import questions_by_item_id
from survey.models import Answer, Assignment, Event, Instrument, Response, Round
from tests.factories import AgencyFactory, MembershipFactory
from tests.kept_pages import forget, page_text
from tests.nation.desk.worlds import publish_total
from tests.nation.figures.worlds import make_nation
from tests.trial import publish

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.any_database]

PAGES: Final = {
    "desk": "",
    "filtered": "?state=approved&sort=-progress&rank=1&size=all",
    "progress": "?map=progress&region=north",
    "act": "act/",
    "chosen": "act/?state=running&all=1",
    "message": "act/message/",
    "report": "report/",
    "north": "report/?of=region:north",
    "section": "report/1/",
    "replies": "replies/",
    "waiting": "replies/?state=filed&code=1.1",
    "examples": "examples/",
}
Change = tuple[str, Callable[[], object]]


@dataclass
class World:
    """Three provinces with approved answers and their figures, and who reads of them."""

    form: Instrument
    answers: list[Response]
    centre: User

    def pages(self, reader: Client) -> dict[str, str]:
        nation = f"/nation/{self.form.year}/"
        return {name: page_text(reader, nation + address) for name, address in PAGES.items()}


@pytest.fixture
def world() -> World:
    form = publish()
    answers = make_nation(form, 3)
    return World(form, answers, MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user)


def every(rows: type[Model], **values: object) -> Callable[[], int]:
    return lambda: rows._default_manager.update(**values)


def _of_answers(world: World) -> Iterator[Change]:
    now, first = timezone.now(), world.answers[0]

    def step(seq: int, days: int) -> Callable[[], object]:
        told = {"seq": seq, "verb": "response.approve", "hash": f"{seq}", "at": now - timedelta(days=days)}
        return lambda: Event.objects.create(response=first, **told)

    yield "desk", every(ProvinceFigures, asked=200, answered=20, total=Decimal(40), low=Decimal(30), high=Decimal(50))
    yield "desk", every(ProvinceFigures, level=2, places=9, unproven=4, open_points=3)
    yield "desk", every(ProvinceFigures, total=Decimal(41))
    yield "desk", lambda: Response.objects.filter(pk=first.pk).update(version=F("version") + 1)
    yield "act", lambda: Response.objects.filter(pk=first.pk).update(state=Response.State.DRAFT)
    yield "report", lambda: Response.objects.filter(pk=first.pk).update(state=Response.State.SUBMITTED)
    yield "desk", lambda: ProvinceFigures.objects.filter(response=first).update(counted_at=now + timedelta(minutes=1))
    yield "north", lambda: Response.objects.filter(pk=first.pk).update(state=Response.State.APPROVED)
    yield "section", every(ProvinceFigures, facts={"form": "another"}, counted_at=now + timedelta(minutes=2))
    yield "desk", step(1, 3)
    yield "act", every(Round, closes_at=now + timedelta(days=5))
    yield "chosen", every(Response, state=Response.State.DRAFT)
    yield (
        "desk",
        lambda: Assignment.objects.create(
            round=first.round,
            question=questions_by_item_id(world.form)["T1"],
            agency=AgencyFactory(province=first.round.province),
            due=timezone.localdate() - timedelta(days=3),
        ),
    )
    yield "desk", every(Round, closes_at=now - timedelta(seconds=1))
    yield "chosen", every(Round, closes_at=now + timedelta(days=6))
    yield "desk", every(Response, state=Response.State.APPROVED)


def _of_places_and_results(world: World) -> Iterator[Change]:
    first, year = world.answers[0].round, world.form.year
    other = {name: getattr(first, name) for name in ("opens_on", "agency_due", "committee_on", "closes_at")}
    period = {"period_from": first.period_from, "period_to": first.period_to}

    yield "desk", lambda: Province.objects.filter(pk=first.province_id).update(name_th="จังหวัดชื่อใหม่")
    yield "act", lambda: Province.objects.filter(pk=first.province_id).update(code="TH-77")
    yield "north", lambda: Province.objects.filter(pk=first.province_id).update(region="south")
    yield "desk", lambda: publish_total(first.province, year, "71.50", level=4)
    yield "desk", every(OfficialResult, score=Decimal("72.50"))
    yield "filtered", every(OfficialResult, rank=7)
    yield "desk", every(OfficialResult, origin=OfficialResult.Origin.RECOVERED)
    yield (
        "desk",
        lambda: Round.objects.create(province=first.province, instrument=world.form, year=year - 1, **other, **period),
    )


def _of_the_centre(world: World) -> Iterator[Change]:
    now, year, first = timezone.now(), world.form.year, world.answers[0]
    by = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    about = {"year": year, "province": first.round.province, "code": "1.1", "official": 40, "edition": 0, "wanted": 50}

    yield "act", lambda: BulkAct.objects.create(kind="open", year=year, digest="1", by=by, made_at=now, started_at=now)
    yield "act", lambda: BulkStep.objects.create(act=BulkAct.objects.get(), province=first.round.province)
    yield "act", every(BulkStep, state=BulkStep.State.DONE)
    yield "act", every(BulkAct, done_at=now)
    yield "act", lambda: User.objects.filter(pk=by.pk).update(first_name="ผู้สั่งคนใหม่")
    yield (
        "replies",
        lambda: Objection.objects.create(
            **about, ground="มี", state="filed", written_by=by, written_at=now, filed_by=by, filed_at=now
        ),
    )
    yield "waiting", every(Objection, wanted=60)
    yield "replies", lambda: Province.objects.filter(pk=first.round.province_id).update(name_th="จังหวัดอีกชื่อ")
    yield (
        "replies",
        lambda: ObjectionDecision.objects.create(
            objection=Objection.objects.get(), number=1, outcome="partly", score=45, reason="ตรวจแล้ว", by=by, at=now
        ),
    )
    yield "waiting", every(ObjectionDecision, edition=1)
    yield "replies", every(Objection, state="decided")


def _of_windows_and_examples(world: World) -> Iterator[Change]:
    now, year, first, by = timezone.now(), world.form.year, world.answers[0], world.centre
    day, text = timezone.localdate(), "ตัวอย่างที่เลือก"

    yield (
        "replies",
        lambda: ReplyWindow.objects.create(year=year, opens_on=day, closes_on=day, set_by=by, set_at=now),
    )
    yield "replies", every(ReplyWindow, closes_on=day + timedelta(days=9))
    yield (
        "examples",
        lambda: Answer.objects.create(
            response=first,
            question=questions_by_item_id(world.form)["T6"],
            value={"T6": ["r1"]},
            saved_by=by,
            saved_at=now,
        ),
    )
    yield (
        "examples",
        lambda: PickedExample.objects.create(
            year=year,
            block="repeats.T6",
            address="T6#r1",
            response=first,
            province=first.round.province,
            text=text,
            by=by,
        ),
    )
    yield "examples", every(PickedExample, active=False)


@pytest.mark.parametrize("changes", [_of_answers, _of_places_and_results, _of_the_centre, _of_windows_and_examples])
def test_every_change_is_shown_at_once(world: World, changes: Callable[[World], Iterator[Change]]) -> None:
    reader = Client()
    reader.force_login(world.centre)
    before = world.pages(reader)
    assert all(before.values())
    for number, (shown_on, change) in enumerate(changes(world)):
        change()
        kept = world.pages(reader)
        forget()
        anew = world.pages(reader)
        different = [name for name in PAGES if kept[name] != anew[name]]
        assert not different, f"{different} are not what they are, after change {number} of {shown_on}"
        assert kept[shown_on] != before[shown_on], f"{shown_on} does not show change {number}"
        before = kept


def test_a_language_has_its_own_pages(world: World) -> None:
    reader = Client()
    reader.force_login(world.centre)
    thai = world.pages(reader)
    User.objects.filter(pk=world.centre.pk).update(language="en")
    reader.cookies["django_language"] = "en"
    english = world.pages(reader)
    forget()
    assert english == world.pages(reader)
    assert not [name for name in PAGES if thai[name] == english[name]]
