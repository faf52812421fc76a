"""What a letter tells an agency of its part: its questions with their days, and what is still open of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Agency
from survey.assigning.part_progress import PartProgress
from survey.assigning.queries import OPEN_STATES, assignment_due, assignment_target, is_answering, sort_assignments
from survey.assigning.targets import AssignmentTarget, covered_questions
from survey.contributing.facts import contribution_counts
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument, Item
from survey.models import Assignment, Response, Round
from survey.threads.open_comments import OpenComment, unanswered_demands


@dataclass(frozen=True, slots=True)
class PartLine:
    """A question of an agency, or a part of one. `standing`: what is open of it, "" in a list of what is asked."""

    code: str
    text: str
    role: str
    answering: bool
    due: date
    note: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class AgencyParts:
    """An agency with the lines of its part in the order of the form."""

    agency: Agency
    lines: tuple[PartLine, ...]

    @property
    def due(self) -> date:
        """The first day on which something is due."""
        answering = [line.due for line in self.lines if line.answering]
        return min(answering or [line.due for line in self.lines])

    @property
    def question_count(self) -> int:
        """How many questions it answers; where it answers none, how many it reads."""
        return len([line for line in self.lines if line.answering]) or len(self.lines)


def assigned_parts(round_: Round, agency: Agency | None = None) -> list[AgencyParts]:
    """What is asked of each agency, or of one, in Thai order. One query."""
    found = []
    for assignments in _by_agency(round_, agency):
        lines = [line for one in assignments for line in _part_lines(round_, one)]
        found.append(AgencyParts(assignments[0].agency, tuple(dict.fromkeys(lines))))
    return [parts for parts in found if parts.lines]


def open_parts(round_: Round, agency: Agency | None = None) -> list[AgencyParts]:
    """What agencies have not handed in, by question. Two queries, and three for each of these agencies.

    As in `survey.rounds.outstanding`, a part asked for only "if any" is not counted once its day has passed.
    """
    today = timezone.localdate()
    contributions = {row.agency_id: row for row in _contributions(round_)}
    found = []
    for assignments in _by_agency(round_, agency):
        waiting = [one for one in assignments if _is_open(round_, one, today)]
        if waiting:
            contribution = contributions.get(waiting[0].agency_id)
            lines = tuple(_open_lines(round_, waiting, contribution))
            found.append(AgencyParts(waiting[0].agency, lines))
    return found


def _by_agency(round_: Round, agency: Agency | None) -> Iterator[list[Assignment]]:
    rows = Assignment.objects.filter(round=round_, **({"agency": agency} if agency else {}))
    groups: dict[int, list[Assignment]] = {}
    for row in rows.select_related("agency").order_by("agency__sort_key", "agency_id", "pk"):
        row.round = round_
        groups.setdefault(row.agency_id, []).append(row)
    for assignments in groups.values():
        yield sort_assignments(round_.instrument, assignments)


def _contributions(round_: Round) -> list[Response]:
    rows = list(Response.objects.filter(round=round_).exclude(agency=None))
    for row in rows:
        row.round = round_
    return rows


def _is_open(round_: Round, part: Assignment, today: date) -> bool:
    if not is_answering(part) or part.state not in OPEN_STATES:
        return False
    return not part.if_any or part.state == Assignment.State.RETURNED or assignment_due(round_, part) >= today


def _part_lines(round_: Round, part: Assignment) -> Iterator[PartLine]:
    instrument, target = compiled_instrument(round_.instrument), assignment_target(round_.instrument, part)
    role = str(part.get_role_display())
    if part.if_any:
        role = f"{role} {_('ถ้ามี')}"
    for question in covered_questions(instrument, target):
        code, text = _named(instrument, instrument.items[question], target)
        yield PartLine(code, text, role, is_answering(part), assignment_due(round_, part), part.note)


def _named(instrument: CompiledInstrument, question: Item, target: AssignmentTarget) -> tuple[str, str]:
    """The printed code and the words of a question; of a part of it, those of the part too."""
    language = get_language() or "th"
    part = instrument.items.get(target.item) if target.item and target.item != question.id else None
    text = question.ask.to(language)
    if part is None:
        return question.code or "", text
    return part.code or question.code or "", f"{text} – {part.ask.to(language)}"


def _open_lines(round_: Round, parts: Iterable[Assignment], contribution: Response | None) -> Iterator[PartLine]:
    instrument, counts = compiled_instrument(round_.instrument), contribution_counts(round_, contribution)
    demands = unanswered_demands(contribution) if contribution else {}
    for part in parts:
        target = assignment_target(round_.instrument, part)
        returned = part.state_note if part.state == Assignment.State.RETURNED else ""
        for question, progress in counts.by_question(target).items():
            code, text = _named(instrument, instrument.items[question], target)
            standing = " · ".join(_standing(progress, demands.get(question, ()), returned))
            due = assignment_due(round_, part)
            yield PartLine(code, text, str(part.get_role_display()), True, due, part.note, standing)


def _standing(progress: PartProgress, demands: Iterable[OpenComment], returned: str) -> Iterator[str]:
    """What is open of a question, in words."""
    if returned:
        yield _("ส่งกลับให้แก้ไข: %(reason)s") % {"reason": returned}
    if not progress.filled:
        yield _("ยังไม่ตอบ")
    elif progress.answered < progress.total:
        yield _("ตอบแล้ว %(done)d จาก %(all)d ช่อง") % {"done": progress.answered, "all": progress.total}
    if progress.filled and progress.missing_evidence:
        yield _("ขาดหลักฐาน %(count)d แห่ง") % {"count": progress.missing_evidence}
    if asked := len(list(demands)):
        yield _("ข้อสังเกตที่ต้องตอบ %(count)d ข้อ") % {"count": asked}
    if progress.filled and not progress.is_waiting and not asked and not returned:
        yield _("ตอบครบแล้ว ยังไม่ส่ง")
