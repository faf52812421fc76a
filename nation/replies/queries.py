"""Reads of the right of reply: windows, objections of a province and of a year, and the files they may rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Province
from evidence.models import Attachment, Document
from nation.models import Objection, ObjectionDecision, ReplyWindow
from nation.replies.comparison import SubPillarScores, compare_scores
from nation.replies.rules import EvidenceFault, FileDates, check_evidence_dates
from scoring.engine.queries import score_claims, score_response
from scoring.models import OfficialResult
from scoring.results.queries import PROVINCE, PublishedResults, read_results
from survey.models import Response, Round

SUB_PILLAR: Final = OfficialResult.Kind.SUB_PILLAR
SHOWN_DOCUMENTS: Final = 30  # of the library, newest first; a search finds the others
SHOWN_ATTACHMENTS: Final = 100  # of one sub-pillar
ATTACHMENT, LIBRARY = "attachment", "library"
WAITING_FIRST: Final = Case(
    When(state=Objection.State.FILED, then=Value(0)), default=Value(1), output_field=IntegerField()
)
KEY_LETTERS: Final = {ATTACHMENT: "a", LIBRARY: "d"}


@dataclass(frozen=True, slots=True)
class EvidenceChoice:
    """A file that may be chosen. `key`: of the form; `fault`: why it is none that existed by the cut-off."""

    key: str
    source: str
    file: int
    name: str
    where: str
    dates: FileDates
    fault: EvidenceFault | None

    @property
    def dated(self) -> date | None:
        """The day that is shown: of attaching, else the latest that the document is known by."""
        return self.dates.attached or max(self.dates.known, default=None)


def find_window(year: int) -> ReplyWindow | None:
    """The window of a year, or None where the centre set none. One query."""
    return ReplyWindow.objects.filter(year=year).first()


def list_contested_years() -> frozenset[int]:
    """The years whose window has opened, now or once: their results are never written over. One query."""
    rows = ReplyWindow.objects.filter(opens_on__lte=timezone.localdate()).values_list("year", flat=True)
    return frozenset(rows)


def list_objections(province: Province, year: int) -> list[Objection]:
    """The objections of a province with evidence and decisions. Three queries."""
    return list(_with_parts(Objection.objects.filter(province=province, year=year)).order_by("code"))


def find_objection(year: int, number: int) -> Objection | None:
    """An objection of a year that was filed, by its key. Three queries."""
    filed = Objection.objects.filter(year=year, pk=number).exclude(filed_at=None)
    return _with_parts(filed).first()


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the centre's queue shows. Empty: all."""

    state: str = ""
    code: str = ""
    region: str = ""
    text: str = ""


def filter_queue(year: int, wanted: QueueFilter) -> QuerySet[Objection]:
    """Filed objections of a year with their decisions, those that wait first, the oldest before newer ones.

    A draft is the province's own, and no row of the queue.
    """
    rows = Objection.objects.filter(year=year).exclude(filed_at=None)
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    rows = rows.filter(code=wanted.code) if wanted.code else rows
    rows = rows.filter(province__region=wanted.region) if wanted.region else rows
    if wanted.text:
        name = Q(province__name_th__icontains=wanted.text) | Q(province__name_en__icontains=wanted.text)
        rows = rows.filter(name | Q(province__code__iexact=wanted.text))
    return _with_parts(rows).order_by(WAITING_FIRST, "filed_at", "pk")


def queue_codes(year: int) -> list[str]:
    """The sub-pillars that anything was filed about, in order. One query."""
    codes = Objection.objects.filter(year=year).exclude(filed_at=None).order_by().values_list("code", flat=True)
    return sorted(set(codes), key=lambda code: [int(part) if part.isdigit() else 0 for part in code.split(".")])


def count_states(year: int) -> dict[str, int]:
    """How many filed objections of a year are in each state. One query."""
    states = Objection.objects.filter(year=year).exclude(filed_at=None).order_by().values_list("state", flat=True)
    found = list(states)
    return {state: found.count(state) for state in Objection.State.values}


def _with_parts(rows: QuerySet[Objection]) -> QuerySet[Objection]:
    decisions = ObjectionDecision.objects.select_related("by").order_by("number")
    rows = rows.select_related("province", "filed_by", "written_by")
    return rows.prefetch_related("evidence", Prefetch("decisions", decisions))


def find_answer(province: int, year: int) -> Response | None:
    """The provincial answer of a province's year with what its score needs. One query."""
    rows = Response.objects.select_related("round__province", "round__instrument", "agency")
    rows = rows.defer("round__instrument__source")
    return rows.filter(round__province=province, round__year=year, agency=None).first()


def list_answer_files(answer: Response, items: Collection[str], text: str, cut_off: date) -> list[EvidenceChoice]:
    """The files in the answer at some questions, and those anywhere whose name has `text`, oldest first. One query."""
    rows = Attachment.objects.filter(response=answer, removed_at=None, file__isnull=False)
    of_items = Q(question__item_id__in=items)
    rows = rows.filter(of_items | Q(name__icontains=text) if text else of_items)
    rows = rows.select_related("question").order_by("added_at", "pk")
    return _once(
        _choice(ATTACHMENT, row.pk, row.file_id, row.name, row.question.code, _attached(row), cut_off)
        for row in rows[:SHOWN_ATTACHMENTS]
    )


def list_library_files(answer: Response, text: str, cut_off: date) -> list[EvidenceChoice]:
    """Documents of the secretariat's library, the newest first; of those whose name has `text`. One query.

    Without those that the answer has: they are evidence of the answer, whatever day they bear.
    """
    attached = Attachment.objects.filter(response=answer, removed_at=None, file__isnull=False).order_by().values("file")
    rows = Document.objects.filter(province=answer.round.province_id, agency=None, removed_at=None)
    rows = rows.exclude(file__in=attached).select_related("file__text")
    rows = rows.filter(name__icontains=text) if text else rows
    rows = rows.order_by("-added_at", "-pk")
    return _once(
        _choice(LIBRARY, row.pk, row.file_id, row.name, "", _document_dates(row), cut_off)
        for row in rows[:SHOWN_DOCUMENTS]
    )


def list_kept_files(objection: Objection, cut_off: date) -> list[EvidenceChoice]:
    """The files that an objection has already. No query where its evidence is prefetched."""
    found = []
    for row in objection.evidence.all():
        dates = FileDates(attached=row.dated) if row.source == ATTACHMENT else FileDates(typed=row.dated)
        fault = check_evidence_dates(dates, cut_off)
        found.append(EvidenceChoice(f"e{row.pk}", row.source, row.file_id, row.name, "", dates, fault))
    return found


def read_choices(
    round_: Round, keys: Collection[str], cut_off: date, objection: Objection | None
) -> list[EvidenceChoice]:
    """The files with these keys that the province may choose; others are left out. Two queries."""
    attachments, documents = _read_keys(keys, "a"), _read_keys(keys, "d")
    rows = Attachment.objects.filter(
        pk__in=attachments, response__round=round_, response__agency=None, removed_at=None, file__isnull=False
    )
    kept = Document.objects.filter(pk__in=documents, province=round_.province_id, agency=None, removed_at=None)
    found = [one for one in list_kept_files(objection, cut_off) if one.key in keys] if objection else []
    found += [
        _choice(ATTACHMENT, row.pk, row.file_id, row.name, row.question.code, _attached(row), cut_off)
        for row in rows.select_related("question").order_by("pk")
    ]
    found += [
        _choice(LIBRARY, row.pk, row.file_id, row.name, "", _document_dates(row), cut_off)
        for row in kept.select_related("file__text").order_by("pk")
    ]
    return _once(found)


def _read_keys(keys: Collection[str], letter: str) -> set[int]:
    return {
        int(key[1:]) for key in keys if key[:1] == letter and key[1:].isascii() and key[1:].isdigit() and len(key) < 19
    }


def _choice(
    source: str, key: int, file: int | None, name: str, where: str, dates: FileDates, cut_off: date
) -> EvidenceChoice:
    fault = check_evidence_dates(dates, cut_off)
    return EvidenceChoice(f"{KEY_LETTERS[source]}{key}", source, file or 0, name, where, dates, fault)


def _attached(row: Attachment) -> FileDates:
    return FileDates(attached=timezone.localdate(row.added_at))


def _document_dates(row: Document) -> FileDates:
    text = getattr(row.file, "text", None)
    return FileDates(typed=row.document_date, written=text.document_date if text else None)


def _once(choices: Iterable[EvidenceChoice]) -> list[EvidenceChoice]:
    """Each content once: the same file stands at several places."""
    found: dict[int, EvidenceChoice] = {}
    for choice in choices:
        found.setdefault(choice.file, choice)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class ContestedResult:
    """A province's published result of a year beside its own scores, with its objections by sub-pillar."""

    published: PublishedResults | None
    sub_pillars: tuple[SubPillarScores, ...]
    objections: Mapping[str, Objection]
    answer: Response

    @property
    def total(self) -> OfficialResult | None:
        """The published total."""
        return self.published.total(PROVINCE) if self.published else None

    @property
    def history(self) -> list[tuple[str, OfficialResult]]:
        """The totals of the editions before, newest first."""
        earlier = self.published.earlier if self.published else ()
        return [(one.edition_name, row) for one in earlier if (row := one.total(PROVINCE)) is not None]

    def sub_pillar(self, code: str) -> SubPillarScores | None:
        """One of its sub-pillars; None where the form has no such."""
        return next((one for one in self.sub_pillars if one.code == code), None)


def read_contested_result(answer: Response, objections: Iterable[Objection] | None = None) -> ContestedResult:
    """What the page of an answer's result shows, with its `objections` (None: all, which are read).

    At most seven queries where the score is kept. Raises registry.MissingScheme, registry.FaultyScheme.
    """
    round_ = answer.round
    published = read_results(round_.province, round_.year)[0]
    claimed, reviewed = score_claims(answer), score_response(answer)
    judged = Attachment.objects.filter(response=answer, removed_at=None).exclude(verdict="")
    items = set(judged.order_by().values_list("question__item_id", flat=True))
    official, earlier = _official_scores(published)
    rows = compare_scores(claimed.instrument, claimed.sheet, reviewed.sheet, items, official, earlier)
    found = list_objections(round_.province, round_.year) if objections is None else objections
    return ContestedResult(published, rows, {one.code: one for one in found}, answer)


def read_own_objection(answer: Response, code: str) -> list[Objection]:
    """The objection to one sub-pillar with its files, where there is one. Two queries."""
    rows = Objection.objects.filter(province=answer.round.province_id, year=answer.round.year, code=code)
    return list(rows.select_related("filed_by").prefetch_related("evidence"))


def _official_scores(
    published: PublishedResults | None,
) -> tuple[dict[str, Decimal], dict[str, tuple[tuple[str, Decimal], ...]]]:
    """The province's published sub-pillars, and what stood for each in the editions before, where it was another."""
    if published is None:
        return {}, {}
    official: dict[str, Decimal] = {}
    earlier: dict[str, list[tuple[str, Decimal]]] = {}
    own = [(code, row) for (who, kind, code), row in published.figures.items() if (who, kind) == (PROVINCE, SUB_PILLAR)]
    for code, row in own:
        official[code] = row.marked_score
        last = row.edition
        for edition in published.earlier:
            before = edition.figures.get((PROVINCE, SUB_PILLAR, code))
            if before is not None and before.edition < last:
                earlier.setdefault(code, []).append((before.edition_name, before.marked_score))
                last = before.edition
    return official, {code: tuple(some) for code, some in earlier.items()}
