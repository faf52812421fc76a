"""An agency's parts as the desk and the board show them: state, progress, what is asked, what may be done next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Agency, User
from dgready.language import reader_language
from evidence.attaching.queries import marked_addresses
from survey.answering.queries import response_path
from survey.assigning import queries as parts
from survey.assigning.part_progress import ContributionCounts, PartProgress, PartStatus, part_status
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.carrying import views as carried
from survey.contributing.views.level_five import level_five_needs
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.journal.event_texts import item_title
from survey.models import Assignment, Response, Round
from survey.threads.open_comments import OpenComment, open_comments_by_question
from survey.workflow.part_states import PartTransition, allowed_part_transitions

STATUS_LABELS: Final[dict[PartStatus, str | Promise]] = {
    "overdue": gettext_lazy("เลยกำหนด"),
    "returned": pgettext_lazy("state", "ส่งกลับให้แก้ไข"),
    "declined": pgettext_lazy("state", "แจ้งว่าไม่เกี่ยวข้อง"),
    "none": gettext_lazy("ยังไม่เริ่ม"),
    "started": gettext_lazy("กำลังทำ"),
    "submitted": gettext_lazy("ส่งแล้ว"),
    "accepted": gettext_lazy("รับแล้ว"),
}


@dataclass(slots=True)
class PartView:
    """A part on a page."""

    part: Assignment
    target: AssignmentTarget
    title: str
    codes: str
    status: PartStatus
    tally: PartProgress
    due: date
    late: bool
    days: int
    url: str
    section: str
    steps: dict[str, PartTransition]
    needs: list[LocalizedText] = field(default_factory=list)
    comments: list[OpenComment] = field(default_factory=list)
    last: dict[str, Any] | None = None
    fault: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        """Whether the agency answers it, rather than reviews or is told."""
        return parts.is_answering(self.part)

    @property
    def todo(self) -> bool:
        """Whether the agency has something to do."""
        return self.answers and self.status in ("none", "started", "overdue", "returned")

    @property
    def may_submit(self) -> bool:
        """Whether submitting is worth offering: something is answered, or there may be nothing to have."""
        return "submit" in self.steps and bool(self.tally.given or self.part.if_any)

    @property
    def label(self) -> str:
        """Its status in words."""
        return str(STATUS_LABELS[self.status]) if self.answers else _("อ่านอย่างเดียว")

    @property
    def overdue(self) -> int:
        """Days since it was due."""
        return -self.days

    @property
    def seen(self) -> str:
        """Since when it stands as it does: posted back with a decision."""
        return self.part.state_at.isoformat() if self.part.state_at else ""


@dataclass(slots=True)
class PartList:
    """The parts of one agency in a round, and its contribution if it has opened one."""

    round: Round
    agency: Agency
    contribution: Response | None
    closed: str
    shown: list[PartView]

    @property
    def todo(self) -> list[PartView]:
        """What the agency still has to do."""
        return [s for s in self.shown if s.todo]

    @property
    def done(self) -> list[PartView]:
        """What it has handed in or declined."""
        return [s for s in self.shown if s.answers and not s.todo]

    @property
    def told(self) -> list[PartView]:
        """What it reviews, advises on or is told of."""
        return [s for s in self.shown if not s.answers]

    @property
    def total(self) -> PartProgress:
        """All it answers, added up."""
        out = PartProgress()
        for one in self.shown:
            if one.answers and one.status != "declined":
                out.add(one.tally)
        return out


def read_part_list(user: User, round_: Round, agency: Agency) -> PartList:
    """The parts of an agency as this person sees them. Seven queries, three more with a last year."""
    rows = parts.agency_assignments(round_, agency.pk)
    contribution = Response.objects.filter(round=round_, agency=agency).first()
    if contribution is not None:
        contribution.round, contribution.agency = round_, agency
    counts = contribution_counts(round_, contribution)
    closed = parts.agency_closed_reason(contribution or Response(round=round_, agency=agency))
    comments = open_comments_by_question(contribution) if contribution else {}
    for row in rows:
        row.round, row.agency = round_, agency
    shown = [_part_view(user, row, counts, contribution, closed, comments) for row in rows]
    _add_last_year_answers(round_, contribution, shown)
    return PartList(round_, agency, contribution, closed, shown)


def contribution_counts(round_: Round, contribution: Response | None) -> ContributionCounts:
    """What is answered and proven in a contribution; of one that is not opened, nothing. Two queries."""
    instrument = compiled_instrument(round_.instrument)
    if contribution is None:
        return ContributionCounts(resolve_path(instrument, {}), ())
    return ContributionCounts(response_path(contribution), marked_addresses(contribution))


def _part_view(
    user: User,
    row: Assignment,
    counts: ContributionCounts,
    contribution: Response | None,
    closed: str,
    comments: Mapping[str, Sequence[OpenComment]],
) -> PartView:
    instrument = counts.path.instrument
    target = parts.assignment_target(row.round.instrument, row)
    asked = covered_questions(instrument, target)
    tally, due, today = counts.of(target), parts.assignment_due(row.round, row), timezone.localdate()
    first = instrument.items[asked[0]] if asked else None
    handed_in = timezone.localdate(row.state_at) if row.state_at and row.state in _HANDED_IN_STATES else today
    return PartView(
        part=row,
        target=target,
        title=target_name(instrument, target),
        codes=question_codes(instrument, target, asked),
        status=part_status(state=row.state, given=tally.given, due=due, if_any=row.if_any, today=today),
        tally=tally,
        due=due,
        late=handed_in > due,
        days=(due - today).days,
        url=_fill_url(contribution, first.section if first else "", asked),
        section=first.section if first else "",
        steps={t.name: t for t in allowed_part_transitions(user, row, closed)},
        needs=_needs_of_questions(row.round, asked),
        comments=[c for q in asked for c in comments.get(q, ())],
    )


def _add_last_year_answers(round_: Round, contribution: Response | None, shown: Iterable[PartView]) -> None:
    """Puts last year's answer beside each part: the agency's own, else the province's. Three queries, or none."""
    if round_.previous_id is None:
        return
    provincial = Response.objects.get(round=round_, agency=None)
    provincial.round = round_
    found = {q: (provincial, row) for q, row in carried.read_carried(provincial).items()}
    if contribution is not None:
        found |= {q: (contribution, row) for q, row in carried.read_carried(contribution).items()}
    for one in shown:
        asked = [found[q.id] for q in parts.assigned_questions(one.part) if q.id in found]
        told = [line for response, row in asked for line in carried.answer_lines(response, row)]
        if told:
            one.last = {"year": asked[0][1].from_response.round.year, "lines": told[:MAX_LAST_YEAR_LINES]}


MAX_LAST_YEAR_LINES = 40
_HANDED_IN_STATES = (Assignment.State.SUBMITTED, Assignment.State.ACCEPTED)


def target_name(instrument: CompiledInstrument, target: AssignmentTarget) -> str:
    """A target in words: code and name of the sub-pillar, or code and wording of the question or part."""
    if not target.question:
        sub = instrument.sub_pillars[target.sub_pillar]
        return f"{sub.code} {sub.name.to(reader_language())}"
    return item_title(instrument.items[target.item or target.question], reader_language())


def question_codes(instrument: CompiledInstrument, target: AssignmentTarget, asked: Sequence[str]) -> str:
    """The codes of the questions of a sub-pillar, as P1.4 P1.5."""
    if target.question:
        return ""
    return " ".join(instrument.items[q].code or q for q in asked)


def _fill_url(contribution: Response | None, section: str, asked: Sequence[str]) -> str:
    if contribution is None or not section:
        return ""
    return f"{reverse('survey:fill', args=[contribution.pk, section])}#q:{asked[0]}"


def _needs_of_questions(round_: Round, asked: Iterable[str]) -> list[LocalizedText]:
    known = level_five_needs(round_)
    return list(dict.fromkeys(text for q in asked for text in known.get(q, ())))


def mark_refusal(found: Iterable[PartView], pk: int, fault: str, typed: Mapping[str, Any]) -> None:
    """Puts a refusal, and what was typed, beside the part it is about."""
    for one in found:
        if one.part.pk == pk:
            one.fault, one.typed = fault, {k: str(v) for k, v in typed.items()}
