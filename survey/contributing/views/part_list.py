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
from survey.answering.queries import path_of
from survey.assigning import queries as parts
from survey.assigning.part_progress import Counts, Status, Tally, status
from survey.assigning.targets import Target, covered
from survey.carrying import views as carried
from survey.contributing.views.level_five import needs
from survey.instrument.path import resolve
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument, Text
from survey.journal.words import title
from survey.models import Assignment, Response, Round
from survey.threads.open_comments import CommentRow, open_comments
from survey.workflow.part_states import Transition, allowed

LABELS: Final[dict[Status, str | Promise]] = {
    "overdue": gettext_lazy("เลยกำหนด"),
    "returned": pgettext_lazy("state", "ส่งกลับให้แก้ไข"),
    "declined": pgettext_lazy("state", "แจ้งว่าไม่เกี่ยวข้อง"),
    "none": gettext_lazy("ยังไม่เริ่ม"),
    "started": gettext_lazy("กำลังทำ"),
    "submitted": gettext_lazy("ส่งแล้ว"),
    "accepted": gettext_lazy("รับแล้ว"),
}


@dataclass(slots=True)
class Shown:
    """A part on a page."""

    part: Assignment
    target: Target
    title: str
    codes: str
    status: Status
    tally: Tally
    due: date
    late: bool
    days: int
    url: str
    section: str
    steps: dict[str, Transition]
    needs: list[Text] = field(default_factory=list)
    comments: list[CommentRow] = field(default_factory=list)
    last: dict[str, Any] | None = None
    fault: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        """Whether the agency answers it, rather than reviews or is told."""
        return parts.answers(self.part)

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
        return str(LABELS[self.status]) if self.answers else _("อ่านอย่างเดียว")

    @property
    def overdue(self) -> int:
        """Days since it was due."""
        return -self.days

    @property
    def seen(self) -> str:
        """Since when it stands as it does: posted back with a decision."""
        return self.part.state_at.isoformat() if self.part.state_at else ""


@dataclass(slots=True)
class Listing:
    """The parts of one agency in a round, and its contribution if it has opened one."""

    round: Round
    agency: Agency
    contribution: Response | None
    closed: str
    shown: list[Shown]

    @property
    def todo(self) -> list[Shown]:
        """What the agency still has to do."""
        return [s for s in self.shown if s.todo]

    @property
    def done(self) -> list[Shown]:
        """What it has handed in or declined."""
        return [s for s in self.shown if s.answers and not s.todo]

    @property
    def told(self) -> list[Shown]:
        """What it reviews, advises on or is told of."""
        return [s for s in self.shown if not s.answers]

    @property
    def total(self) -> Tally:
        """All it answers, added up."""
        out = Tally()
        for one in self.shown:
            if one.answers and one.status != "declined":
                out.add(one.tally)
        return out


def listing(user: User, round_: Round, agency: Agency) -> Listing:
    """The parts of an agency as this person sees them. Seven queries, three more with a last year."""
    rows = parts.of_agency(round_, agency.pk)
    contribution = Response.objects.filter(round=round_, agency=agency).first()
    if contribution is not None:
        contribution.round, contribution.agency = round_, agency
    counts = counts_of(round_, contribution)
    closed = parts.closed(contribution or Response(round=round_, agency=agency))
    comments = open_comments(contribution) if contribution else {}
    for row in rows:
        row.round, row.agency = round_, agency
    shown = [_shown(user, row, counts, contribution, closed, comments) for row in rows]
    _last_year(round_, contribution, shown)
    return Listing(round_, agency, contribution, closed, shown)


def counts_of(round_: Round, contribution: Response | None) -> Counts:
    """What is answered and proven in a contribution; of one that is not opened, nothing. Two queries."""
    instrument = instrument_of(round_.instrument)
    if contribution is None:
        return Counts(resolve(instrument, {}), ())
    return Counts(path_of(contribution), marked_addresses(contribution))


def _shown(
    user: User,
    row: Assignment,
    counts: Counts,
    contribution: Response | None,
    closed: str,
    comments: Mapping[str, Sequence[CommentRow]],
) -> Shown:
    instrument = counts.path.instrument
    target = parts.target_of(row.round.instrument, row)
    asked = covered(instrument, target)
    tally, due, today = counts.of(target), parts.due_of(row.round, row), timezone.localdate()
    first = instrument.items[asked[0]] if asked else None
    handed_in = timezone.localdate(row.state_at) if row.state_at and row.state in _HANDED else today
    return Shown(
        part=row,
        target=target,
        title=name_of(instrument, target),
        codes=codes_of(instrument, target, asked),
        status=status(state=row.state, given=tally.given, due=due, if_any=row.if_any, today=today),
        tally=tally,
        due=due,
        late=handed_in > due,
        days=(due - today).days,
        url=_url(contribution, first.section if first else "", asked),
        section=first.section if first else "",
        steps={t.name: t for t in allowed(user, row, closed)},
        needs=_needs(row.round, asked),
        comments=[c for q in asked for c in comments.get(q, ())],
    )


def _last_year(round_: Round, contribution: Response | None, shown: Iterable[Shown]) -> None:
    """Puts last year's answer beside each part: the agency's own, else the province's. Three queries, or none."""
    if round_.previous_id is None:
        return
    provincial = Response.objects.get(round=round_, agency=None)
    provincial.round = round_
    found = {q: (provincial, row) for q, row in carried.carried_of(provincial).items()}
    if contribution is not None:
        found |= {q: (contribution, row) for q, row in carried.carried_of(contribution).items()}
    for one in shown:
        asked = [found[q.id] for q in parts.questions_asked(one.part) if q.id in found]
        told = [line for response, row in asked for line in carried.lines(response, row)]
        if told:
            one.last = {"year": asked[0][1].from_response.round.year, "lines": told[:LINES]}


LINES = 40
_HANDED = (Assignment.State.SUBMITTED, Assignment.State.ACCEPTED)


def name_of(instrument: Instrument, target: Target) -> str:
    """A target in words: code and name of the sub-pillar, or code and wording of the question or part."""
    if not target.question:
        sub = instrument.sub_pillars[target.sub_pillar]
        return f"{sub.code} {sub.name.to(reader_language())}"
    return title(instrument.items[target.item or target.question], reader_language())


def codes_of(instrument: Instrument, target: Target, asked: Sequence[str]) -> str:
    """The codes of the questions of a sub-pillar, as P1.4 P1.5."""
    if target.question:
        return ""
    return " ".join(instrument.items[q].code or q for q in asked)


def _url(contribution: Response | None, section: str, asked: Sequence[str]) -> str:
    if contribution is None or not section:
        return ""
    return f"{reverse('survey:fill', args=[contribution.pk, section])}#q:{asked[0]}"


def _needs(round_: Round, asked: Iterable[str]) -> list[Text]:
    known = needs(round_)
    return list(dict.fromkeys(text for q in asked for text in known.get(q, ())))


def refuse(found: Iterable[Shown], pk: int, fault: str, typed: Mapping[str, Any]) -> None:
    """Puts a refusal, and what was typed, beside the part it is about."""
    for one in found:
        if one.part.pk == pk:
            one.fault, one.typed = fault, {k: str(v) for k, v in typed.items()}
