"""A round whose form is given to agencies, for tests of assignments, parts, desk and board."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Agency, User
from accounts.roles import Role
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.assigning import actions as assignments
from survey.assigning.actions import AssignmentTerms
from survey.assigning.targets import AssignmentTarget
from survey.contributing import actions as parts
from survey.instrument.schema import AnswerValue
from survey.models import Assignment, Response
from tests.flow import Flow, make_flow
from tests.kept_worlds import kept
from tests.people import People


@dataclass
class Assigned:
    """Agency a1 does sub-pillar 1.1 (T1, T2, T3) and helps with T8 if it has some; a2 does T5.1, and T6 in part."""

    flow: Flow

    @property
    def people(self) -> People:
        """Everybody."""
        return self.flow.people

    @property
    def round(self) -> Any:
        """The round."""
        return self.flow.round

    @property
    def coordinator(self) -> User:
        """Of agency a1."""
        return self.people.who(Role.COORDINATOR)

    @property
    def secretariat(self) -> User:
        """Of the province."""
        return self.people.who(Role.SECRETARIAT)

    @property
    def base(self) -> str:
        """Where the round's pages begin."""
        return f"/p/{self.people.a.code}/{self.round.year}/"

    def give(self, agency: Agency, target: AssignmentTarget, role: str = "R", **terms: Any) -> Assignment:
        """One assignment."""
        made = assignments.add_assignments(
            by=self.secretariat,
            round_=self.round,
            agencies=[agency],
            target=target,
            terms=AssignmentTerms(role, **terms),
        )
        return self.fresh(made.created[0])

    def fresh(self, part: Assignment) -> Assignment:
        """The assignment as it stands."""
        rows = Assignment.objects.select_related(
            "round__instrument", "round__province", "agency", "state_by", "question"
        )
        return rows.get(pk=part.pk)

    def part(self, agency: Agency | None = None, name: str = "1.1") -> Assignment:
        """The agency's assignment of that name."""
        rows = Assignment.objects.filter(round=self.round, agency=agency or self.people.a1)
        by = {"sub_pillar__code": name} if name[0].isdigit() else {"question__item_id": name}
        return self.fresh(rows.get(**by))

    def contribution(self, agency: Agency | None = None) -> Response:
        """The agency's contribution, made when it is not there."""
        made = ensure_response(by=None, round_=self.round, agency=agency or self.people.a1)
        return Response.objects.select_related("round__province", "round__instrument", "agency").get(pk=made.pk)

    def answer(
        self, item_id: str, value: Mapping[str, AnswerValue], agency: Agency | None = None
    ) -> answers.SaveResult:
        """Saves one question of a contribution on top of what stands."""
        response, question = self.contribution(agency), self.flow.question(item_id)
        old = response.answers.filter(question=question).first()
        return answers.save_answer(
            by=self.coordinator,
            response=response,
            question=question,
            value=value,
            base_revision=old.revision if old else 0,
        )

    def move(self, name: str, part: Assignment | None = None, by: User | None = None, **more: Any) -> Assignment:
        """Takes a step, as the coordinator or the secretariat."""
        part = part or self.part()
        who = self.coordinator if name in ("submit", "nothing", "withdraw", "decline") else self.secretariat
        parts.move_part(by=by or who, part=part, name=name, **more)  # type: ignore[arg-type]
        return self.fresh(part)

    def submitted(self) -> Assignment:
        """Answers something of 1.1 and submits it."""
        self.answer("T1", {"T1": "none", "T1.1": "เหตุผล"})
        return self.move("submit")

    def due(self, days: int) -> None:
        """Moves the round's deadline for agencies; negative: into the past."""
        self.round.agency_due = self.day(days)
        self.round.save(update_fields=["agency_due"])

    @staticmethod
    def day(days: int) -> date:
        """A day from today."""
        return timezone.localdate() + timedelta(days=days)


@kept
def make_assigned(people: People) -> Assigned:
    """Builds the world; needs the database."""
    world = Assigned(make_flow(people))
    world.give(people.a1, AssignmentTarget("1.1"))
    world.give(people.a1, AssignmentTarget(question="T8"), "S", if_any=True)
    world.give(people.a1, AssignmentTarget(question="T4"), "C")
    world.give(people.a2, AssignmentTarget(question="T5.1"))
    world.give(people.a2, AssignmentTarget(question="T6", item="T6.rounds"))
    return world
