"""Evidence of contributions that the provincial answer could adopt, with the place each would prove."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from dgready.prepared_select import PreparedSelect, ReadRows
from evidence.attaching.counting import counts_with_marks
from evidence.attaching.proving import REJECTING, lacking_state
from evidence.attaching.queries import are_summaries_kept, marked_addresses
from evidence.files.notes import FileNote
from evidence.models import Attachment, Mark, ScanState
from survey.consolidating.comparison import QuestionComparison
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.instrument.queries import questions_by_item_id
from survey.models import Response


@dataclass(frozen=True, slots=True)
class EvidenceCandidate:
    """An attachment of a contribution. `place`: its place in the provincial answer; None: its row is unknown.

    `is_attached`: the same file or web address is attached there already.
    """

    attachment: Attachment
    agency_code: str
    place: str | None
    is_attached: bool

    @property
    def id(self) -> str:
        """Its public id."""
        return str(self.attachment.public_id)

    @property
    def contribution(self) -> int:
        """Whose it is."""
        return self.attachment.response_id

    @property
    def name(self) -> str:
        """The file's name, or the web address."""
        return self.attachment.name or self.attachment.url or ""

    @property
    def icon(self) -> str:
        """The name of its picture among the Bootstrap icons."""
        return "link-45deg" if self.url else "paperclip"

    @property
    def url(self) -> str:
        """The web address, if that is what it is."""
        return self.attachment.url or ""

    @property
    def notes(self) -> tuple[FileNote, ...]:
        """What everybody should see beside the file."""
        return self.attachment.file.notes if self.attachment.file else ()

    @property
    def href(self) -> str:
        """Where the file can be had."""
        return reverse("evidence:download", args=[self.contribution, self.attachment.public_id])

    @property
    def marks(self) -> list[Mark]:
        """Pages and passages, each with what became of it in the file."""
        return list(self.attachment.marks.all())

    @property
    def lacking(self) -> str:
        """What one of its marks lacks (evidence.attaching.proving.UNPROVEN)."""
        return lacking_state(mark.state for mark in self.attachment.marks.all())

    @property
    def is_marked(self) -> bool:
        """Whether it counts as proof."""
        return counts_with_marks(self.attachment)

    @property
    def infected(self) -> bool:
        """Whether a virus was found in it."""
        return self.attachment.file is not None and self.attachment.file.scan_state == ScanState.INFECTED

    @property
    def is_rejected(self) -> bool:
        """Whether a reviewer rejected it."""
        return self.attachment.verdict in REJECTING

    @property
    def document_date(self) -> date | None:
        """The date the document bears."""
        return self.attachment.document_date


@dataclass(slots=True)
class RoundEvidence:
    """The evidence of a round: attachments of agencies by question, and places where the province has some.

    `rows`: all that was read, by public id, removed ones too.
    """

    attachments: Mapping[str, Sequence[Attachment]]
    provincial_places: Collection[tuple[str, int | None, str | None]]
    marked_places: frozenset[str]
    agency_codes: Mapping[int, str]
    rows: Mapping[str, Attachment]

    def candidates(self, comparison: QuestionComparison) -> list[EvidenceCandidate]:
        """The evidence of the contributions compared, oldest first."""
        keys = set(comparison.keys)
        candidates = []
        for row in self.attachments.get(comparison.question.id, ()):
            if row.response_id in keys:
                place = comparison.provincial_address(row.response_id, row.address)
                is_attached = (place or "", row.file_id, row.url) in self.provincial_places
                candidates.append(EvidenceCandidate(row, self.agency_codes[row.response_id], place, is_attached))
        return candidates


def _of_round(round_: Any) -> QuerySet[Attachment]:
    rows = Attachment.objects.filter(response__round=round_)
    return rows.select_related("file", "response").defer("response__open_points")


_ALL: Final[PreparedSelect[Attachment]] = PreparedSelect(_of_round)
_OF_QUESTIONS: Final[PreparedSelect[Attachment]] = PreparedSelect(
    lambda round_, questions: _of_round(round_).filter(question__in=questions)
)
_OF_QUESTIONS_AND_OWN: Final[PreparedSelect[Attachment]] = PreparedSelect(
    lambda round_, questions, own: _of_round(round_).filter(Q(question__in=questions) | Q(response=own))
)


_MARKS: Final[PreparedSelect[Mark]] = PreparedSelect(lambda keys: Mark.objects.filter(attachment__in=keys))


@dataclass(frozen=True, slots=True)
class ReadEvidence:
    """The evidence of a round as it was read. `marked_elsewhere`: places of the province that were not read again."""

    consolidation: RoundConsolidation
    attachments: ReadRows[Attachment]
    marks: ReadRows[Mark] | None
    marked_elsewhere: frozenset[str]

    @property
    def state(self) -> Hashable:
        """All that was read, to be compared."""
        marks = self.marks.values if self.marks else ()
        return tuple(self.attachments.values), tuple(marks), self.marked_elsewhere

    def make(self) -> RoundEvidence:
        """What it says. No query."""
        response = self.consolidation.response
        ids = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
        by_question: dict[str, list[Attachment]] = {}
        provincial_places: set[tuple[str, int | None, str | None]] = set()
        marked: set[str] = set()
        rows = _with_marks(self.attachments.all(), self.marks.all() if self.marks else ())
        for row in rows:
            if row.removed_at is not None:
                continue
            if row.response_id != response.pk:
                if row.question_id in ids:  # else of an earlier version of the form
                    by_question.setdefault(ids[row.question_id], []).append(row)
                continue
            provincial_places.add((row.address, row.file_id, row.url))
            if counts_with_marks(row):
                marked.add(row.address)
        codes = {p.contribution: p.agency_code for some in self.consolidation.agency_answers.values() for p in some}
        by_id = {str(row.public_id): row for row in rows}
        return RoundEvidence(by_question, provincial_places, self.marked_elsewhere | marked, codes, by_id)


def _read_attachments(response: Response, questions: Sequence[int], with_own: bool) -> ReadRows[Attachment]:
    """The attachments of the round, or those of some questions, with all of its own if asked for."""
    if not questions:
        return _ALL.read(response.round_id)
    if with_own:
        return _OF_QUESTIONS_AND_OWN.read(response.round_id, questions, response.pk)
    return _OF_QUESTIONS.read(response.round_id, questions)


def _with_marks(rows: list[Attachment], read: Iterable[Mark]) -> list[Attachment]:
    """As prefetch_related does, which turns its query into SQL each time."""
    marks: dict[int, list[Mark]] = {row.pk: [] for row in rows}
    by_key = {row.pk: row for row in rows}
    for mark in read:
        mark._state.fields_cache["attachment"] = by_key[mark.attachment_id]
        marks[mark.attachment_id].append(mark)
    for row in rows:
        of_row: Any = QuerySet(Mark)
        of_row._result_cache, of_row._prefetch_done = marks[row.pk], True
        vars(row)["_prefetched_objects_cache"] = {"marks": of_row}
    return rows


def read_round_evidence(consolidation: RoundConsolidation, *questions: str, places: bool = True) -> RoundEvidence:
    """All evidence of the round, or only that for some questions. Two queries, or three.

    `places`: all places where the province has evidence that counts are asked for, else those of the questions at most.
    """
    return read_evidence(consolidation, *questions, places=places).make()


def read_evidence(consolidation: RoundConsolidation, *questions: str, places: bool = True) -> ReadEvidence:
    """As `read_round_evidence`, with nothing made of it yet."""
    response = consolidation.response
    rows_of = questions_by_item_id(response.round.instrument)
    marked_elsewhere: frozenset[str] = frozenset()
    with_own = False
    # One query more, where a page makes fewer: two less while the provincial answer is as it was read last.
    if questions and places and (consolidation.is_province_kept or are_summaries_kept(response)):
        marked_elsewhere = marked_addresses(response)
    else:
        with_own = places
    rows = _read_attachments(response, [rows_of[question].pk for question in questions], with_own)
    # A row begins with the attachment's own columns, and these with its key.
    keys = sorted(row[0] for row in rows.values)
    return ReadEvidence(consolidation, rows, _MARKS.read(keys) if keys else None, marked_elsewhere)


# What becomes of evidence without a word in the journal of its answer: it is scanned, marks are looked for in its text.
# All else about it that changes does so with an event; what a reviewer says is read as well.
_STATE_COLUMNS: Final = ("pk", "verdict", "to_confirm", "removed_at", "copy_id", "file__scan_state")
_MARK_COLUMNS: Final = ("marks__pk", "marks__state")


def read_evidence_state(consolidation: RoundConsolidation, questions: Collection[str]) -> list[Any]:
    """The state of all evidence of some questions of the round, to be compared. One query of plain tuples."""
    rows_of = questions_by_item_id(consolidation.response.round.instrument)
    asked = [rows_of[question].pk for question in questions]
    attachments = Attachment.objects.filter(response__round=consolidation.response.round_id, question__in=asked)
    return sorted(map(repr, attachments.order_by().values_list(*_STATE_COLUMNS, *_MARK_COLUMNS)))


def evidence_state(attachments: Iterable[Attachment]) -> list[Any]:
    """The same of evidence that has been read with its file and marks. No query."""
    rows: list[tuple[Any, ...]] = []
    for one in attachments:
        scan_state = one.file.scan_state if one.file else None
        own = (one.pk, one.verdict, one.to_confirm, one.removed_at, one.copy_id, scan_state)
        marks = one.marks.all()
        rows += [(*own, mark.pk, mark.state) for mark in marks] or [(*own, None, None)]
    return sorted(map(repr, rows))
