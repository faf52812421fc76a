"""Provinces on their last evening: one round that agencies and secretariats fill, one whose answer awaits its governor.

A province's answer takes no more saves once it is submitted, so that what is approved and what is filled are rounds
of two years; both close at the same moment. Every person has a session, as after signing in.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import _get_new_csrf_string
from django.utils import timezone

from accounts.backends import BACKEND_PATH
from accounts.models import Agency, Membership, Province, User
from accounts.roles import Role
from demo.content import sample_values, values_by_question
from dgready.cached_sessions import SessionStore
from dgready.middleware import EXTEND_INTERVAL, LAST_EXTENDED_KEY
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.approval.actions import submit_response
from survey.approval.review import current_open_points
from survey.assigning import actions as assignments
from survey.assigning.actions import AssignmentTerms
from survey.assigning.targets import AssignmentTarget
from survey.instrument import actions as instruments
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.source import read_yaml
from survey.models import Instrument, Response, Round
from survey.rounds import actions as rounds
from tests.trial import REAL

SECRETARIATS = 2  # of each province; they share its answer
PASSWORD = "ค่ำวันสุดท้าย-2568"
# Questions with a text field, so that each press has a value of its own: (question, field).
FIELDS = (
    ("G1", "G1.reason"),
    ("P6.1.A", "P6.1.A.1.1"),
    ("P1.1", "P1.1a1"),
    ("P4.5.1", "P4.5.1.1"),
    ("G2", "G2.reason"),
    ("P6.1.B", "P6.1.B.1.1"),
    ("P6.2.1", "P6.2.1.1"),
    ("G3", "G3.reason"),
    ("P6.1.C", "P6.1.C.1.1"),
)
SUB_PILLARS = ("1.1", "3.1", "4.3", "6.1", "6.2")  # of these questions; every agency answers them
LOOKING = 120.0  # seconds for which a governor has the page of approval open before pressing


@dataclass
class Person:
    """Somebody who saves or approves: in which response, and the headers of their browser."""

    user: User
    response: int
    headers: str = ""


@dataclass
class NightWorld:
    """`people` save, `governors` approve; `admin` moves the dates of all rounds."""

    admin: User
    filling: list[Round] = field(default_factory=list)
    approving: list[Round] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    governors: list[Person] = field(default_factory=list)

    def close_at(self, moment: datetime, reason: str = "", *, only_filling: bool = False) -> None:
        """Moves the end of the rounds, by the action that an administrator uses."""
        for round_ in self.filling if only_filling else [*self.filling, *self.approving]:
            round_.refresh_from_db()
            dates = {name: getattr(round_, name) for name in rounds.DATE_FIELDS}
            rounds.change_round_dates(by=self.admin, round_=round_, dates={**dates, "closes_at": moment}, reason=reason)


def build_world(provinces: int, people: int, seed: int) -> NightWorld:
    """Provinces with so many people together; takes about a second for ten people."""
    random = Random(seed)
    encoded = make_password(PASSWORD)  # one for all: checking it takes as long
    world = NightWorld(_make_users(1, "admin", encoded)[0])
    Membership.objects.create(user=world.admin, role=Role.CENTRAL_ADMIN)
    world.admin = User.objects.get(pk=world.admin.pk)
    forms = _publish_forms()
    for number in range(provinces):
        own = people // provinces + (number < people % provinces)
        with transaction.atomic():
            _build_province(world, forms, number, own, encoded)
    for person in [*world.people, *world.governors]:
        person.headers = _sign_in(person.user, random)
    return world


def _publish_forms() -> tuple[Instrument, Instrument]:
    """The real form, and the same form of the next year."""
    text = REAL.read_text(encoding="utf8")
    now = int(str(read_yaml(text)["year"]))
    later = text.replace(f"year: {now}", f"year: {now + 1}", 1)
    forms = [instruments.load_instrument(data=read_yaml(one), publish=True)[0] for one in (text, later)]
    return forms[0], forms[1]


def _make_users(count: int, name: str, encoded: str) -> list[User]:
    return User.objects.bulk_create(
        User(email=f"{name}{n}@night.example.org", password=encoded, first_name="คืนวันปิดรอบ", last_name=f"{name} {n}")
        for n in range(count)
    )


def _build_province(
    world: NightWorld, forms: tuple[Instrument, Instrument], number: int, people: int, encoded: str
) -> None:
    province = Province.objects.create(
        code=f"TN-{number}", name_th=f"จังหวัดคืนที่ {number}", name_en=f"Night {number}", region="north"
    )
    users = _make_users(people, f"p{number}n", encoded)
    secretariats, coordinators = users[:SECRETARIATS], users[SECRETARIATS:]
    agencies = Agency.objects.bulk_create(
        Agency(province=province, code=f"N{n}", name_th=f"สำนักงานที่ {n}", name_en=f"Office {n}")
        for n in range(len(coordinators))
    )
    governor = _make_users(1, f"governor{number}-", encoded)[0]
    Membership.objects.bulk_create(
        [
            *(Membership(user=user, role=Role.SECRETARIAT, province=province) for user in secretariats),
            Membership(user=governor, role=Role.GOVERNOR, province=province),
            *(
                Membership(user=user, role=Role.COORDINATOR, province=province, agency=agency)
                for user, agency in zip(coordinators, agencies, strict=True)
            ),
        ]
    )
    secretary = User.objects.get(pk=secretariats[0].pk)
    submitted, filled = (_open(secretary, province, form) for form in forms)
    _submit(secretary, submitted)
    world.approving.append(submitted.round)
    world.governors.append(Person(governor, submitted.pk))
    world.filling.append(filled.round)
    world.people += [Person(user, filled.pk) for user in secretariats]
    world.people += [
        Person(user, ensure_response(by=user, round_=filled.round, agency=agency).pk)
        for user, agency in zip(coordinators, agencies, strict=True)
    ]
    _assign(secretary, filled.round, agencies)


def _open(by: User, province: Province, form: Instrument) -> Response:
    """An open round of the province, with its empty answer."""
    today = timezone.localdate()
    dates = {
        "period_from": form.period_from,
        "period_to": form.period_to,
        "opens_on": today,
        "agency_due": today,
        "committee_on": today,
        "closes_at": timezone.now() + timedelta(days=2),
    }
    round_ = rounds.open_round(by=by, province=province, instrument=form, dates=dates, guards=())
    return Response.objects.select_related("round__province", "round__instrument").get(round=round_, agency=None)


def _submit(by: User, response: Response) -> None:
    """Answers all of it and submits it, with a reason for every open point."""
    compiled, rows = compiled_instrument(response.round.instrument), questions_by_item_id(response.round.instrument)
    values = sample_values(compiled, response.round.province.code, share=1.0)
    for question, value in values_by_question(compiled, values).items():
        answers.save_answer(by=by, response=response, question=rows[question], value=value, base_revision=0)
    reasons = {point.key: "เอกสารตามไปภายหลัง" for point in current_open_points(response)}
    submit_response(by=by, response=response, points=current_open_points, reasons=reasons)


def _assign(by: User, round_: Round, agencies: list[Agency]) -> None:
    """Every agency answers the questions that are pressed for, beside the others."""
    for code in SUB_PILLARS:
        assignments.add_assignments(
            by=by, round_=round_, agencies=agencies, target=AssignmentTarget(code), terms=AssignmentTerms("R")
        )


def _sign_in(user: User, random: Random) -> str:
    """The headers of a browser that is signed in and has been at work for a while."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend=BACKEND_PATH)
    request.session[LAST_EXTENDED_KEY] = int(time.time()) - random.randrange(EXTEND_INTERVAL)
    request.session.save()
    token = _get_new_csrf_string()
    address = f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(1, 255)}"
    return (
        f"Cookie: sessionid={request.session.session_key}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
        f"X-Forwarded-For: {address}"
    )


def plan_press(world: NightWorld, press: Any, speed: float) -> dict[str, Any]:
    """A press as the client's plan has it: when, who, where and what."""
    at = press.at / speed
    if press.kind == "approve":
        person = len(world.people) + press.person
        response = world.governors[press.person].response
        opened = max(0.0, press.at - LOOKING) / speed
        return {"at": opened, "presses_at": at, "kind": "approve", "person": person, "response": response}
    question, name = FIELDS[press.number % len(FIELDS)]
    return {
        "at": at,
        "kind": "save",
        "person": press.person,
        "response": world.people[press.person].response,
        "question": question,
        "field": name,
        "value": f"{press.person}-{press.number}",
    }
