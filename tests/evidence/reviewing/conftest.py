"""An agency's evidence that is handed in, and a second person of the secretariat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from evidence.attaching import actions as attaching
from evidence.models import Attachment, Verdict
from evidence.reviewing import actions
from survey.answering import actions as answers
from survey.contributing import actions as parts
from survey.models import Assignment, Event
from tests.evidence.conftest import World, build
from tests.factories import MembershipFactory

REASON = "ไม่มีลายมือชื่อผู้อนุมัติ"


@dataclass
class Review:
    """`agency_file` was attached by the coordinator at E1=done of the contribution; its part E1 is handed in."""

    world: World
    reviewer: User
    agency_file: Attachment

    def part(self, question: str = "E1") -> Assignment:
        """The agency's part."""
        rows = Assignment.objects.select_related("round__instrument", "round__province", "agency", "question")
        return rows.get(round=self.world.contribution.round, question__item_id=question)

    def move(self, name: Any, by: User, **more: Any) -> None:
        """One step of the part E1."""
        parts.move_part(by=by, part=self.part(), name=name, **more)

    def judge(self, verdict: str = Verdict.INSUFFICIENT, attachment: Attachment | None = None, **more: Any) -> Event:
        """A verdict by the reviewer."""
        given = {"by": self.reviewer, "reason": REASON if verdict not in ("", "accepted") else "", **more}
        event = actions.judge_attachment(attachment=attachment or self.agency_file, verdict=verdict, **given)
        assert event is not None
        return event

    def adopt(self) -> Attachment:
        """The agency's file in the provincial answer."""
        source = Attachment.objects.get(pk=self.agency_file.pk)
        given = {"by": self.world.secretary, "response": self.world.response, "address": source.address}
        return attaching.adopt_evidence(attachment=source, **given).attachment

    def fresh(self, attachment: Attachment | None = None) -> Attachment:
        """The attachment as it is stored."""
        return Attachment.objects.get(pk=(attachment or self.agency_file).pk)


def hand_in(world: World) -> Review:
    """The coordinator answers E1, attaches and marks a file, and hands the part in."""
    answers.save_answer(
        by=world.coordinator,
        response=world.contribution,
        question=world.question("E1"),
        value={"E1": "done", "E1b": "3"},
        base_revision=0,
    )
    attachment = world.attach(response=world.contribution, by=world.coordinator)
    attaching.save_mark(by=world.coordinator, attachment=attachment, pages="1", quote="แผนดิจิทัล")
    reviewer = MembershipFactory(province=world.province, role=Role.SECRETARIAT).user
    review = Review(world, reviewer, attachment)
    review.move("submit", world.coordinator, evidence_reasons={"E1": "รอเอกสาร"})
    return review


@pytest.fixture
def review(db: None) -> Review:
    """Evidence handed in."""
    return hand_in(build())
