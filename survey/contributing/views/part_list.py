"""Reading the parts of an agency as the desk and the board show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency, User
from dgready.prepared_select import PreparedSelect
from survey.assigning.part_progress import ContributionCounts, PartProgress, part_status
from survey.assigning.queries import (
    agency_assignments,
    agency_closed_reason,
    assigned_questions,
    assignment_due,
    assignment_target,
)
from survey.assigning.targets import covered_items, covered_questions
from survey.carrying.views.carried_answers import last_year_answers
from survey.contributing.facts import contribution_counts
from survey.contributing.views.level_five import level_five_standings
from survey.contributing.views.part_names import question_codes, target_name
from survey.contributing.views.part_view import PartView
from survey.instrument.proof.documents import documents_of
from survey.models import Assignment, Response, Round
from survey.threads.open_comments import OpenComment, open_comments_by_question
from survey.workflow.part_states import allowed_part_transitions

MAX_LAST_YEAR_LINES = 40
_CONTRIBUTION: Final[PreparedSelect[Response]] = PreparedSelect(
    lambda round_, agency: Response.objects.filter(round=round_, agency=agency).defer("open_points")
)


@dataclass(slots=True)
class PartList:
    """The parts of one agency in a round, and its contribution if it has opened one."""

    round: Round
    agency: Agency
    contribution: Response | None
    closed: str
    parts: list[PartView]

    @property
    def todo(self) -> list[PartView]:
        """The parts the agency has to act on."""
        return [s for s in self.parts if s.todo]

    @property
    def done(self) -> list[PartView]:
        """The parts it has handed in or declined."""
        return [s for s in self.parts if s.answers and not s.todo]

    @property
    def read_only(self) -> list[PartView]:
        """The parts it reviews, advises on or is informed of."""
        return [s for s in self.parts if not s.answers]

    @property
    def total(self) -> PartProgress:
        """The progress of all parts it answers, declined ones aside."""
        progress = PartProgress()
        for view in self.parts:
            if view.answers and view.status != "declined":
                progress.add(view.progress)
        return progress


def read_part_list(user: User, round_: Round, agency: Agency) -> PartList:
    """The parts of an agency as this person sees them. Seven queries, one more with a last year."""
    assignments = agency_assignments(round_, agency.pk)
    contribution = _CONTRIBUTION.first(round_.pk, agency.pk)
    if contribution is not None:
        contribution.round, contribution.agency = round_, agency
    counts = contribution_counts(round_, contribution)
    closed = agency_closed_reason(contribution or Response(round=round_, agency=agency))
    comments = open_comments_by_question(contribution) if contribution else {}
    for assignment in assignments:
        assignment.round, assignment.agency = round_, agency
    views = [part_view(user, one, counts, contribution, closed, comments) for one in assignments]
    _add_what_is_asked(round_, counts, [view for view in views if view.answers])
    _add_last_year_answers(round_, agency, views)
    return PartList(round_, agency, contribution, closed, views)


def part_view(
    user: User,
    assignment: Assignment,
    counts: ContributionCounts,
    contribution: Response | None,
    closed: str,
    comments: Mapping[str, Sequence[OpenComment]],
) -> PartView:
    """One part of an agency as this person sees it. `closed`: why agencies can change nothing; no query."""
    instrument = counts.path.instrument
    target = assignment_target(assignment.round.instrument, assignment)
    question_ids = covered_questions(instrument, target)
    progress, due, today = counts.of(target), assignment_due(assignment.round, assignment), timezone.localdate()
    first_item = instrument.items[question_ids[0]] if question_ids else None
    handed_in = timezone.localdate(assignment.state_at) if assignment.state_at and assignment.is_handed_in else today
    return PartView(
        part=assignment,
        target=target,
        title=target_name(instrument, target),
        codes=question_codes(instrument, target, question_ids),
        status=part_status(
            state=assignment.state, filled=progress.filled, due=due, if_any=assignment.if_any, today=today
        ),
        progress=progress,
        due=due,
        late=handed_in > due,
        days=(due - today).days,
        url=_fill_url(contribution, first_item.section if first_item else "", question_ids),
        section=first_item.section if first_item else "",
        steps={t.name: t for t in allowed_part_transitions(user, assignment, closed)},
        comments=[c for q in question_ids for c in comments.get(q, ())],
    )


def _add_last_year_answers(round_: Round, agency: Agency, views: Iterable[PartView]) -> None:
    """Adds last year's answer to each part: the agency's own, else the province's. One query, or none."""
    answers = last_year_answers(round_, agency)
    if not answers:
        return
    for view in views:
        asked = [answers[q.id] for q in assigned_questions(view.part) if q.id in answers]
        lines = [line for answer in asked for line in answer.lines]
        if lines:
            view.last_year = {"year": asked[0].year, "lines": lines[:MAX_LAST_YEAR_LINES]}


def _fill_url(contribution: Response | None, section: str, asked: Sequence[str]) -> str:
    if contribution is None or not section:
        return ""
    return f"{reverse('survey:fill', args=[contribution.pk, section])}#q:{asked[0]}"


def _add_what_is_asked(round_: Round, counts: ContributionCounts, views: Iterable[PartView]) -> None:
    """Adds to each part what level 5 asks, with what is missing now, and the documents to prepare. No query."""
    known = level_five_standings(round_, counts)
    instrument = counts.path.instrument
    for view in views:
        asked = covered_questions(instrument, view.target)
        view.needs = list({need.ask.criterion: need for q in asked for need in known.get(q, ())}.values())
        view.documents = documents_of(
            instrument, {item for q in asked for item in covered_items(instrument, view.target, q)}
        )


def mark_refusal(found: Iterable[PartView], pk: int, fault: str, typed: Mapping[str, Any]) -> None:
    """Adds the refusal message and the posted values to the part that was refused."""
    for one in found:
        if one.part.pk == pk:
            one.fault, one.posted = fault, {k: str(v) for k, v in typed.items()}
