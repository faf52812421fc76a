"""A province at work on a real installation: its people, what they send, and a ledger of what the server took."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from django.urls import reverse

from accounts.models import Agency, Province, User
from accounts.roles import Role
from demo.content import sample_values, values_by_question
from demo.sample_file import load_sample
from survey.answering.queries import response_path
from survey.assigning import queries as parts
from survey.assigning.queries import ANSWERING_ROLES, PROVINCE_AGENCY_KINDS
from survey.assigning.targets import covered_questions
from survey.instrument import actions as instruments
from survey.instrument.addresses import item_id_of
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.source import read_yaml
from survey.models import Answer, Assignment, Instrument, Response, Round
from tests.caller import Caller
from tests.factories import MembershipFactory, UserFactory
from tests.installation import Installation
from tests.trial import REAL, ROOT

BANGKOK: Final = ZoneInfo("Asia/Bangkok")
CODE, YEAR = "TH-43", 2567
AGENCIES: Final = int(os.environ.get("DGREADY_YEAR_AGENCIES", "30"))  # fewer only while looking for a fault
# The form of 2567 is not in the sources; that of 2568 is given its year and its period.
PAST: Final = {
    "instrument: dg-province\n": "instrument: dg-past\n",
    "scheme: dg-province-2568\n": "scheme: dg-past-2567\n",
    "year: 2568\n": "year: 2567\n",
    "period: {from: 2024-06-12, to: 2025-05-30}": "period: {from: 2023-06-12, to: 2024-05-30}",
}
HANDING_IN: Final = ("submit", "nothing", "decline")  # steps that stand on the review page
FORMS: Final = 5  # whole forms that agencies draw from
AGREED: Final = 0.4  # share of questions to which all agencies answer the same


def day(month: int, number: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the year 2567 in Thailand."""
    return datetime(YEAR - 543, month, number, hour, minute, tzinfo=BANGKOK)


def _past(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    for before, after in PAST.items():
        text = text.replace(before, after, 1)
    return text


def publish_past(folder: Path) -> Instrument:
    """The form of 2567 published, its scheme laid into the folder."""
    folder.mkdir(exist_ok=True)
    scheme = ROOT / "fixtures/schemes/dg-province-2568.v3.yaml"
    (folder / "dg-past-2567-scheme.yaml").write_text(_past(scheme), encoding="utf-8")
    return instruments.load_instrument(data=read_yaml(_past(REAL)), publish=True)[0]


@dataclass
class Ledger:
    """What the server said it has kept. Many people write into it at once."""

    answers: dict[tuple[str, str], list[dict[str, AnswerValue]]] = field(default_factory=dict)
    comments: Counter[str] = field(default_factory=Counter)
    steps: Counter[tuple[str, int]] = field(default_factory=Counter)
    files: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, agency: str, question: str, value: dict[str, AnswerValue]) -> None:
        """An answer was saved."""
        with self.lock:
            self.answers.setdefault((agency, question), []).append(value)

    def comment(self, text: str) -> None:
        """A comment was taken."""
        with self.lock:
            self.comments[text] += 1

    def step(self, name: str, part: int) -> None:
        """A part took a step."""
        with self.lock:
            self.steps[name, part] += 1

    def file(self, agency: str, place: str, name: str) -> None:
        """A file was attached."""
        with self.lock:
            self.files[agency, place, name] += 1


@dataclass
class World:
    """The province, its people, and the installation they work on."""

    at: Installation
    instrument: Instrument
    province: Province
    people: dict[Role, User]
    coordinators: dict[str, User] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    callers: dict[str, Caller] = field(default_factory=dict)
    doubtful: set[int] = field(default_factory=set)  # letters handed over to the mail server without an answer

    @property
    def base(self) -> str:
        """Where the round's pages begin."""
        return f"/p/{CODE}/{YEAR}/"

    @property
    def compiled(self) -> Compiled:
        """The form."""
        return compiled_instrument(self.instrument)

    @property
    def round(self) -> Round:
        """The round as it stands."""
        return Round.objects.select_related("province", "instrument").get(province=self.province, year=YEAR)

    def response(self, agency: str = "") -> Response:
        """The province's response as it stands, or an agency's."""
        rows = Response.objects.select_related("round__province", "round__instrument", "agency")
        return rows.get(round__province=self.province, round__year=YEAR, agency__code=agency or None)

    def caller(self, user: User) -> Caller:
        """The person, without a browser."""
        return self.callers.setdefault(user.email, Caller(self.at.url, user.email))

    def office(self) -> Caller:
        """The secretariat, without a browser."""
        return self.caller(self.people[Role.SECRETARIAT])

    def parts(self, agency: str) -> list[Assignment]:
        """What the agency answers, in the order of the form."""
        rows = Assignment.objects.filter(round=self.round, agency__code=agency, role__in=ANSWERING_ROLES)
        return parts.sort_assignments(self.instrument, rows.select_related("agency", "round__province"))

    def asked(self, part: Assignment) -> tuple[str, ...]:
        """The questions of a part."""
        return covered_questions(self.compiled, parts.assignment_target(self.instrument, part))

    # -- content ----------------------------------------------------------------------------------

    def forms(self) -> list[dict[str, dict[str, AnswerValue]]]:
        """Whole made-up forms, card by card."""
        if not hasattr(self, "_forms"):
            self._forms = [
                values_by_question(self.compiled, sample_values(self.compiled, f"year/{n}")) for n in range(FORMS)
            ]
        return self._forms

    def values(self, agency: str, questions: Collection[str], other: int = 0) -> dict[str, dict[str, AnswerValue]]:
        """What the agency would answer to these questions now; `other` than the first time."""
        response = self.response(agency)
        writable = parts.answer_scope(response).writable
        own: dict[str, AnswerValue] = {}
        for question in questions:
            agreed = Random(f"agree/{question}").random() < AGREED
            number = 0 if agreed else Random(f"{agency}/{question}").randrange(FORMS)
            card = self.forms()[(number + other) % FORMS].get(question, {})
            own |= {a: v for a, v in card.items() if item_id_of(a) in writable.get(question, ())}
        standing = {a: v for a, v in response_path(response).values.items() if self.question(a) not in questions}
        found = resolve_path(self.compiled, {**standing, **own}).values
        return values_by_question(self.compiled, {a: v for a, v in found.items() if a in own})

    def question(self, address: str) -> str:
        """The question that an address belongs to."""
        item = self.compiled.items[item_id_of(address)]
        return item.question or item.id


def people(province: Province) -> dict[Role, User]:
    """One person for each role of the province, with the password of tests."""
    roles = (Role.PROVINCE_ADMIN, Role.SECRETARIAT, Role.COMMITTEE, Role.GOVERNOR)
    out = {}
    for role in roles:
        user = UserFactory(email=f"{role.value.replace('_', '-')}@nongkhai.example.org", last_name=str(role.label))
        out[role] = MembershipFactory(user=user, role=role, province=province).user
    return out


def agency_rows() -> list[dict[str, str]]:
    """The agencies of the sample province's list that count as the province, and offices like them: thirty."""
    rows = [row for row in load_sample()["agencies"] if row["kind"] in PROVINCE_AGENCY_KINDS]
    for number in range(len(rows) + 1, AGENCIES + 1):
        name = f"สำนักงานตัวอย่างที่ {number} จังหวัดหนองคาย"
        rows.append(
            {"code": f"OFFICE-{number}", "kind": "regional_agency", "name_th": name, "name_en": f"Office {number}"}
        )
    return rows[:AGENCIES]


def hire(world: World) -> None:
    """One coordinator for each agency."""
    for agency in Agency.objects.filter(province=world.province).order_by("pk"):
        user = UserFactory(email=f"{agency.code.lower()}@nongkhai.example.org", last_name=f"ผู้ประสานงาน {agency.code}")
        world.coordinators[agency.code] = MembershipFactory(user=user, role=Role.COORDINATOR, agency=agency).user


# -- what a coordinator does without a browser ----------------------------------------------------


def answer(world: World, agency: str, questions: Collection[str], other: int = 0) -> int:
    """Answers questions as the page's script does; how many were saved."""
    caller, response = world.caller(world.coordinators[agency]), world.response(agency)
    caller.get(f"{world.base}desk/")  # signs in where needed
    rows = Answer.objects.filter(response=response).values_list("question__item_id", "revision")
    revisions, saved = dict(rows), 0
    for question, value in world.values(agency, questions, other).items():
        pairs = [("_revision", str(revisions.get(question, 0))), *_pairs(value)]
        got = caller.post(f"/r/{response.pk}/answer/{question}/", pairs, Accept="application/json")
        assert got.status == 200, (agency, question, got.status, got.text[:300])
        assert got.json["errors"] == {}, (agency, question, got.json)
        if got.json["changed"]:
            world.ledger.answer(agency, question, value)
            saved += 1
    return saved


def _pairs(value: Mapping[str, AnswerValue]) -> list[tuple[str, str]]:
    return [(k, s) for k, v in value.items() for s in ([v] if isinstance(v, str) else v)]


def open_desk(world: World, agency: str) -> None:
    """Opens the contribution from the desk."""
    caller = world.caller(world.coordinators[agency])
    caller.get(f"{world.base}desk/")
    part = world.parts(agency)[0]
    opened = caller.post(f"{world.base}parts/{part.pk}/open/")
    assert opened.status == 200, (agency, opened.status)


def prove(world: World, agency: str, name: str, content: bytes, most: int) -> int:
    """Attaches a file at the first open places of its answers; how many."""
    caller, response = world.caller(world.coordinators[agency]), world.response(agency)
    writable = parts.answer_scope(response).writable
    places = [p for p in response_path(response).places.values() if p.item.id in writable.get(p.question, ())]
    done = 0
    for place in places[:most]:
        path = reverse("evidence:slot", args=[response.pk, place.question])
        got = caller.upload(f"{path}?at={quote(place.address, safe='')}", "files", name, content)
        assert got.status == 200, (agency, place.address, got.status)
        world.ledger.file(agency, place.address, name)
        done += 1
    return done


def comment(world: World, caller: Caller, agency: str, question: str, text: str, **more: str) -> None:
    """Starts a thread on a question of a contribution (of the province's answer: agency empty)."""
    path = reverse("survey:threads-item", args=[world.response(agency).pk, question])
    form = caller.get(path).form(path)
    got = caller.post(form.action, form.filled(text=text, **more))
    assert got.status == 200, (text, got.status)
    world.ledger.comment(text)


def step(world: World, caller: Caller, part: Assignment, name: str, **given: str) -> bool:
    """Takes a step of a part by its form on the part's page, reasons for missing evidence given; whether it was."""
    page = caller.get(f"{world.base}parts/{part.pk}/{'review/' if name in HANDING_IN else ''}")
    form = next((f for f in page.forms() if urlsplit(f.action).path.endswith(f"parts/{part.pk}/{name}/")), None)
    if form is None:  # not offered
        return False
    given |= {field: "รอเอกสาร" for field, _value in form.fields if field.startswith("why:")}
    got = caller.send(form, **given)
    assert got.status in (302, 303, 422), (str(part), name, got.status)
    if got.status != 422:
        world.ledger.step(name, part.pk)
    return got.status != 422
