"""A province's year on its way to approval: the trial round with everybody of the province, and their steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from accounts.models import Province, User
from accounts.roles import Role
from evidence.models import Attachment, File, FileKind, Mark
from survey.answering import actions as answers
from survey.approval import actions as workflow
from survey.approval.review import current_open_points
from survey.instrument.schema import AnswerValue
from survey.models import Comment, FrozenResponse, Question, Response, Round, SubmissionGuard
from survey.threads import actions as threads
from tests.kept_worlds import kept
from tests.people import People
from tests.trial import TRIAL, make_trial

# Answers to everything the path then asks; only the evidence of the course (T6#r1) is left.
FULL: dict[str, dict[str, AnswerValue]] = {
    "T0.mail": {"T0.mail": "office@example.org"},
    "T1": {"T1": "none", "T1.1": "ยังไม่มีงบประมาณ"},
    "T4": {"T4/kiosk/state": "no", "T4/van/state": "no"},
    "T5.1": {"T5.1": "none"},
    "T6": {"T6": ["r1"], "T6#r1/T6.name": "หลักสูตรตัวอย่าง", "T6#r1/T6.form": "room"},
    "T8": {"T8": "no"},
}
COURSE = "T6#r1"


def outside(response: Response) -> dict[str, Any]:
    """What a frozen version takes from outside the survey, as small as it can be."""
    return {"scheme": {"key": "dg-trial-2570"}, "evidence": [], "external": [], "score": {"total": "0.00"}}


def end_of(day: date) -> datetime:
    """The last moment of a day in Thailand."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time())
    return timezone.make_aware(midnight) - timedelta(milliseconds=1)


@dataclass
class Flow:
    """`flow.response` is province a's draft; `flow.who(role)` the person of province a with that role."""

    people: People
    round: Round
    response: Response

    @property
    def province(self) -> Province:
        """Province a."""
        return self.people.a

    def who(self, role: Role) -> User:
        """Province a's person of that role."""
        return self.people.who(role)

    @property
    def secretariat(self) -> User:
        """Who answers and submits."""
        return self.who(Role.SECRETARIAT)

    @property
    def governor(self) -> User:
        """Who returns and approves."""
        return self.who(Role.GOVERNOR)

    def question(self, item_id: str) -> Question:
        """The question row of an item."""
        return Question.objects.get(instrument=self.round.instrument, item_id=item_id)

    def save(self, item_id: str, value: Mapping[str, AnswerValue], **more: Any) -> answers.SaveResult:
        """Saves one question as the secretariat, on top of what stands."""
        question = self.question(item_id)
        old = self.response.answers.filter(question=question).first()
        given = {"by": self.secretariat, "base_revision": old.revision if old else 0, **more}
        return answers.save_answer(response=self.response, question=question, value=value, **given)

    def fill(self) -> None:
        """Answers everything."""
        for item_id, value in FULL.items():
            self.save(item_id, value)

    def prove(self, address: str = COURSE, *, marked: bool = True, name: str = "หลักสูตร.pdf") -> Attachment:
        """Puts a file at an evidence place, without its journal and content."""
        now = timezone.now()
        more = {"size": 1000, "kind": FileKind.PDF, "media_type": "application/pdf", "stored": "none"}
        file = File.objects.get_or_create(sha256="0" * 64, defaults=more)[0]
        question = self.question(address.partition("#")[0].partition("=")[0].partition("/")[0])
        row = Attachment.objects.create(
            response=self.response,
            question=question,
            address=address,
            file=file,
            name=name,
            added_by=self.secretariat,
            added_at=now,
        )
        if marked:
            Mark.objects.create(attachment=row, pages="1", quote="ข้อความ", by=self.secretariat, at=now)
        return row

    def submit(self) -> Response:
        """Answers everything and submits without open points."""
        self.fill()
        workflow.submit_response(by=self.secretariat, response=self.response, points=lambda r: [], reasons={})
        return self.response

    def answer_remarks(self, text: str = "แก้ไขแล้ว") -> None:
        """Replies to every remark that blocks the submission, and closes it, as the secretariat."""
        for thread in Comment.objects.filter(response=self.response, must_answer=True, parent=None, resolved_at=None):
            threads.reply_to_thread(by=self.secretariat, response=self.response, thread=thread, text=text)
            threads.resolve_thread(by=self.secretariat, response=self.response, thread=thread)

    def set_guards(self, *guards: str) -> None:
        """Turns on these guards of the round and no others; without any, all of them."""
        self.round.submission_guards = list(guards or SubmissionGuard.values)
        self.round.save(update_fields=["submission_guards"])
        self.response.round = self.round

    def approve(self) -> FrozenResponse:
        """Answers, submits and approves."""
        self.submit()
        return workflow.approve_response(by=self.governor, response=self.response, compose=outside)

    def close(self) -> None:
        """Puts the end of the round into the past."""
        self.round.closes_at = end_of(timezone.localdate() - timedelta(days=1))
        self.round.save(update_fields=["closes_at"])
        self.response.round = self.round


@kept
def make_flow(people: People, path: Path = TRIAL) -> Flow:
    """Build the world; needs the database. The round closes in twenty days at the end of the day."""
    trial = make_trial(path, people.a, closes_at=end_of(timezone.localdate() + timedelta(days=20)))
    trial.response.round = trial.round
    return Flow(people, trial.round, trial.response)


def submit_with_reasons(flow: Flow) -> None:
    """Submits what is there, with one reason for every open point."""
    reasons = {p.key: "รอข้อมูล" for p in current_open_points(flow.response)}
    workflow.submit_response(by=flow.secretariat, response=flow.response, points=current_open_points, reasons=reasons)


def text(response: HttpResponse) -> str:
    """What a page says, as HTML."""
    return response.content.decode()
