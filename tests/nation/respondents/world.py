"""A department with its people, a division and a round of a form of its own, walked to its approval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Agency, Province, User
from accounts.roles import Role
from survey.answering import actions as answers
from survey.answering.opening import ensure_response
from survey.approval import actions as workflow
from survey.assigning import actions as assignments
from survey.assigning.actions import AssignmentTerms
from survey.assigning.targets import AssignmentTarget
from survey.consolidating import actions as consolidating
from survey.contributing import actions as parts
from survey.instrument.schema import AnswerValue
from survey.models import Assignment, FrozenResponse, Question, Response, Round
from survey.rounds import actions as rounds
from tests.factories import MembershipFactory, UserFactory
from tests.flow import end_of, outside
from tests.trial import ROOT, publish

FORM = ROOT / "tests/instruments/dg-department-2570.yaml"
DONE = ("TH-43", "TH-50", "TH-11")


@dataclass
class Department:
    """`row` answers; `division` does the work for it."""

    row: Province
    division: Agency
    round: Round
    head: User
    secretariat: User
    coordinator: User

    @property
    def response(self) -> Response:
        """The department's answer."""
        rows = Response.objects.select_related("round__province", "round__instrument")
        return rows.get(round=self.round, agency=None)

    def question(self, item: str) -> Question:
        """A question of the form."""
        return Question.objects.get(instrument=self.round.instrument, item_id=item)

    def answer(self) -> None:
        """The division answers its part and hands it in; the secretariat accepts and consolidates it."""
        target = AssignmentTarget(sub_pillar=self.round.instrument.pillars.get().sub_pillars.get().code)
        terms = AssignmentTerms("R")
        [part] = assignments.add_assignments(
            by=self.secretariat, round_=self.round, agencies=[self.division], target=target, terms=terms
        ).created
        ensure_response(by=None, round_=self.round, agency=self.division)
        for item, value in answers_of(self.codes).items():
            self._save(item, value)
        parts.move_part(by=self.coordinator, part=_fresh(part), name="submit")
        parts.move_part(by=self.secretariat, part=_fresh(part), name="accept")
        consolidating.consolidate_agreed(by=self.secretariat, response=self.response)

    @property
    def codes(self) -> list[str]:
        """The keys of the table's rows: the codes of the 76 provinces."""
        table = next(i for s in self.round.instrument.source["sections"] for i in s["items"] if i["id"] == "D2")
        return [row["key"] for row in table["rows"]]

    def _save(self, item: str, value: Mapping[str, AnswerValue]) -> None:
        rows = Response.objects.select_related("round__province", "round__instrument", "agency")
        contribution = rows.get(round=self.round, agency=self.division)
        answers.save_answer(
            by=self.coordinator,
            response=contribution,
            question=self.question(item),
            value=value,
            base_revision=0,
        )

    def approve(self) -> FrozenResponse:
        """Answers, submits, and the head approves."""
        self.answer()
        self.submit()
        return self.decide()

    def submit(self) -> None:
        """The secretariat submits to the head."""
        workflow.submit_response(by=self.secretariat, response=self.response, points=lambda _r: [], reasons={})

    def decide(self) -> FrozenResponse:
        """The head approves."""
        return workflow.approve_response(by=self.head, response=self.response, compose=outside)


def answers_of(codes: list[str]) -> dict[str, dict[str, AnswerValue]]:
    """Support of every province told: done in some, none in the others."""
    table: dict[str, AnswerValue] = {f"D2/{code}/state": "done" if code in DONE else "none" for code in codes}
    return {"D1": {"D1": "yes"}, "D2": table}


def make_department(code: str = "D-CGD", name: str = "กรมบัญชีกลาง") -> Department:
    """A department with a running round."""
    row = accounts.create_department(by=None, code=code, name_th=name, name_en="A Department", ministry="กระทรวงการคลัง")
    division = accounts.create_agency(by=None, province=row, code="IT", name_th="ศูนย์เทคโนโลยี", kind="other")
    form = publish(FORM)
    today = timezone.localdate()
    dates = {
        "period_from": form.period_from,
        "period_to": form.period_to,
        "opens_on": today,
        "agency_due": today + timedelta(days=3),
        "committee_on": today + timedelta(days=6),
        "closes_at": end_of(today + timedelta(days=20)),
    }
    round_ = rounds.open_round(by=None, province=row, instrument=form, dates=dates, guards=())
    return Department(
        row,
        division,
        Round.objects.select_related("province", "instrument").get(pk=round_.pk),
        head=_person(Role.GOVERNOR, row),
        secretariat=_person(Role.SECRETARIAT, row),
        coordinator=_person(Role.COORDINATOR, row, division),
    )


def _person(role: Role, row: Province, agency: Agency | None = None) -> User:
    user = UserFactory()
    MembershipFactory(user=user, role=role, province=row, agency=agency)
    return user


def _fresh(part: Assignment) -> Assignment:
    related = ("round__instrument", "round__province", "agency", "state_by", "question")
    return Assignment.objects.select_related(*related).get(pk=part.pk)
