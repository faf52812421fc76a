"""The made-up year in a second version that differs in every way a move has to bear, and a round on the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from evidence.attaching.actions.attach import attach_evidence
from reports.proof.verbs import JOURNAL_VERBS, KINDS
from scoring.moving.actions import move_round
from survey.assigning.targets import AssignmentTarget
from survey.instrument import actions as instruments
from survey.instrument.source import read_yaml
from survey.models import Answer, Event, Instrument, Round
from survey.threads import actions as threads
from survey.threads.actions import ThreadSubject
from survey.verifying.verify import verify_journal
from tests.assigned import Assigned, make_assigned
from tests.evidence.conftest import pdf, upload
from tests.people import People
from tests.trial import TRIAL

# ruff: noqa: E501 - lines of a file, as they stand there
SECOND = {
    "version: 1\n": "version: 2\n",
    # questions that go
    "          - {id: T0.phone, code: null, kind: text, format: phone, required: false, ask: {th: โทรศัพท์ (ถ้ามี), en: Telephone (if any)}}\n": "",
    "          - {id: T5.2, kind: text, scored: false, required: false, ask: {th: ข้อเสนอแนะ, en: Suggestions}}\n": "",
    (
        "          - id: T5.3\n"
        "            code: null\n"
        "            kind: multi\n"
        "            own: true\n"
        "            required: false\n"
        "            when: {blank: T5.2}\n"
        "            ask: {th: ยืนยันว่าไม่มีข้อเสนอแนะ, en: Confirm that there are no suggestions}\n"
        "            options:\n"
        "              - {key: none, label: {th: ไม่มี, en: None}}\n"
    ): "",
    # a field, a column and an option that go
    "          - {key: map, label: {th: URL แผนที่, en: URL of a map}, kind: url, when: state=yes, required: false}\n": "",
    "              - {key: room, label: {th: ในห้องเรียน, en: In a room}}\n": "              - {key: class, label: {th: ห้องเรียน, en: Class}}\n",
    (
        "              - id: T6.full\n"
        "                code: null\n"
        "                kind: text\n"
        "                required: false\n"
        "                when: {eq: [{answer: T6.came}, {answer: T6.seats}]}\n"
        '                ask: {th: รุ่นที่เต็มรับมือผู้สมัครที่เหลืออย่างไร, en: "How were the others who applied for a full round helped?"}\n'
    ): "",
    # evidence that is no longer asked
    "        rows: {min: 1, max: 3}\n        evidence: required\n": "        rows: {min: 1, max: 3}\n",
    # a question that comes
    "      - id: T8\n": (
        "      - id: T9\n        kind: single\n        answers: no_yes\n        scored: false\n"
        '        ask: {th: มีหลักสูตรสำหรับผู้บริหารหรือไม่, en: "Is there a course for heads?"}\n      - id: T8\n'
    ),
}


def second_text(number: int = 2) -> str:
    """The file of the second version."""
    text = TRIAL.read_text(encoding="utf8")
    for old, new in SECOND.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.replace("version: 2\n", f"version: {number}\n", 1)


def second_version(number: int = 2) -> Instrument:
    """The second version of the made-up year, published; the same content under another number, if wanted."""
    return instruments.load_instrument(data=read_yaml(second_text(number)), publish=True)[0]


@dataclass
class Moving:
    """A round on version 1 with answers, evidence, remarks and parts; `target`: version 2."""

    world: Assigned
    first: Instrument
    target: Instrument

    @property
    def round(self) -> Round:
        """The round as it stands."""
        return Round.objects.select_related("instrument", "province").get(pk=self.world.round.pk)

    @property
    def by(self) -> User:
        """Who may move it."""
        return self.world.people.who(Role.PROVINCE_ADMIN)

    def move(self, target: Instrument | None = None, **more: bool) -> Event:
        """Moves the round."""
        return move_round(by=self.by, round_=self.round, target=target or self.target, **more)

    def value(self, item: str, agency: object = None) -> dict[str, object]:
        """What is stored of a question in the provincial answer, or an agency's."""
        rows = Answer.objects.filter(response__round=self.round, response__agency=agency, question__item_id=item)
        return rows.get().value


def codes() -> list[tuple[str, str]]:
    """Code and field of each fault that replaying every verb of all apps finds."""
    return [(f.code, f.field) for f in verify_journal(KINDS, known_verbs=JOURNAL_VERBS).faults]


COURSES = {
    "T6": ["r1"],
    "T6#r1/T6.name": "หลักสูตรตัวอย่าง",
    "T6#r1/T6.form": "room",
    "T6#r1/T6.rounds": ["r2"],
    "T6#r1/T6.rounds#r2/T6.seats": "20",
    "T6#r1/T6.rounds#r2/T6.came": "20",
    "T6#r1/T6.rounds#r2/T6.full": "เปิดรุ่นเพิ่ม",
}


@pytest.fixture
def moving(people: People) -> Moving:
    """A round on the first version of a form that has a second."""
    return make_moving(people)


def make_moving(people: People) -> Moving:
    """Builds the world; needs the database."""
    world = make_assigned(people)
    flow = world.flow
    world.give(people.a2, AssignmentTarget(question="T5.2"))
    flow.save("T0.mail", {"T0.mail": "office@example.org"})
    flow.save("T5.2", {"T5.2": "ขอตัวอย่างคำตอบ"})
    flow.save("T6", COURSES)
    flow.save("T1", {"T1": "done", "T1.3": "https://example.go.th/plan"})
    flow.save("T4", {"T4/kiosk/state": "yes", "T4/kiosk/map": "https://example.go.th/map"})
    flow.save("T8", {"T8": "no"})
    world.answer("T1", {"T1": "doing", "T1.2": f"{timezone.localdate() + timedelta(days=30):%Y-%m}"})
    attach_evidence(
        by=flow.secretariat,
        response=flow.response,
        question=flow.question("T6"),
        address="T6#r1",
        upload=upload(pdf("หลักสูตร")),
    )
    for item in ("T5.2", "T8"):
        subject = ThreadSubject(flow.question(item))
        threads.start_thread(by=flow.governor, response=flow.response, text="โปรดดูข้อนี้", about=subject)
    return Moving(world, world.round.instrument, second_version())
