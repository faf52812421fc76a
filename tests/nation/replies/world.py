"""A province with a published result of the real year, its window, and files of known days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from evidence.models import Attachment, Document, File
from nation.models import ReplyWindow
from nation.replies import actions
from nation.replies.queries import list_answer_files, list_library_files
from scoring.results.actions import official as results
from tests.factories import MembershipFactory, ProvinceFactory
from tests.scoring.published import published
from tests.trial import REAL, Trial, make_trial

CODE = "1.1"


@dataclass
class ReplyWorld:
    """The trial with the people who take part; `cut_off`: the day its round closed."""

    trial: Trial
    centre: User
    cut_off: date

    @property
    def year(self) -> int:
        return self.trial.round.year

    def open_window(self, days: tuple[int, int] = (0, 6)) -> ReplyWindow:
        today = timezone.localdate()
        first, last = (today + timedelta(days=one) for one in days)
        return actions.set_window(by=self.centre, year=self.year, opens_on=first, closes_on=last)

    def file(self, name: str) -> File:
        digest = sha256(name.encode()).hexdigest()
        return File.objects.create(sha256=digest, size=1, kind="pdf", media_type="application/pdf", stored=name)

    def attach(self, name: str, day: date) -> Attachment:
        question = next(q for q in self.trial.compiled.questions if q.sub_pillar == CODE)
        return Attachment.objects.create(
            response=self.trial.response,
            question=self.trial.question(question.id),
            address=question.id,
            file=self.file(name),
            name=name,
            added_by=self.trial.secretariat,
            added_at=timezone.make_aware(datetime.combine(day, time(12))),
        )

    def keep(self, name: str, day: date | None) -> Document:
        return Document.objects.create(
            province=self.trial.province,
            file=self.file(name),
            name=name,
            document_date=day,
            added_by=self.trial.secretariat,
            added_at=timezone.now(),
        )

    def choices(self) -> dict:
        answer = self.trial.response
        items = {q.id for q in self.trial.compiled.questions}
        found = list_answer_files(answer, items, "", self.cut_off) + list_library_files(answer, "", self.cut_off)
        return {one.name: one for one in found}

    def file_one(self, wanted: str = "80", **more):
        given = {"ground": "มีแผนตั้งแต่ต้นปี", "wanted": Decimal(wanted), "evidence": [], **more}
        where = {"province": self.trial.province, "year": self.year, "code": CODE}
        row = actions.save_objection(by=self.trial.secretariat, **where, **given)
        return actions.file_objection(by=self.trial.secretariat, objection=row)


def make_reply_world() -> ReplyWorld:
    """The round closed yesterday, and the result is published."""
    trial = make_trial(REAL, ProvinceFactory(code="TH-43"), closes_at=timezone.now() - timedelta(days=1))
    head = "ปี,จังหวัด,1.1,1.2,ตัวชี้วัด 1,คะแนนรวม,อันดับ,ที่มา"
    results.import_official_results(table=published(f"{head}\n{trial.round.year},TH-43,40,20,30,44.44,1,ประกาศ"))
    centre = MembershipFactory(role=Role.CENTRAL_ADMIN, province=None).user
    return ReplyWorld(trial, centre, timezone.localdate(trial.round.closes_at))
