"""Reads of the right of reply: windows, objections of a province and of a year, and the files they may rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import Province
from dgready.counted_rows import CountedRows
from dgready.language import reader_language
from dgready.localized_text import LocalizedText
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from evidence.models import Attachment, Document
from nation.models import Objection, ObjectionDecision, ReplyWindow
from nation.replies.comparison import SubPillarScores, compare_scores
from nation.replies.rules import EvidenceFault, FileDates, check_evidence_dates
from scoring.engine.queries import score_claims, score_response
from scoring.models import OfficialResult
from scoring.results.edition_names import name_edition
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
    return _WINDOW.first(min(year, GREATEST_SMALL))


_WINDOW: Final[PreparedSelect[ReplyWindow]] = PreparedSelect(
    lambda year: ReplyWindow.objects.filter(year=year).order_by()[:1]
)


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


class QueueRow(NamedTuple):
    """A filed objection as the queue lists it; `outcome`, `score` and `edition`: of its newest decision."""

    pk: int
    name_th: str
    name_en: str
    code: str
    official: Decimal
    wanted: Decimal
    filed_at: datetime
    state: str
    outcome: str = ""
    score: Decimal | None = None
    edition: int | None = None

    @property
    def name(self) -> str:
        """The province in the language of the page."""
        return LocalizedText(self.name_th, self.name_en).to(reader_language())

    @property
    def state_label(self) -> str:
        """How far it is, in words."""
        return str(Objection.State(self.state).label)

    @property
    def outcome_label(self) -> str:
        """What was decided, in words; empty before."""
        return str(ObjectionDecision.Outcome(self.outcome).label) if self.outcome else ""

    @property
    def edition_name(self) -> str:
        """The edition that the decision made; empty where it made none."""
        return "" if self.edition is None else name_edition(self.edition)


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many objections were filed in a year, by state and sub-pillar."""

    rows: tuple[tuple[str, str, int], ...]

    @property
    def codes(self) -> list[str]:
        """The sub-pillars that anything was filed about, in order."""
        found = {code for _state, code, _number in self.rows}
        return sorted(found, key=lambda code: [int(part) if part.isdigit() else 0 for part in code.split(".")])

    def count(self, state: str = "", code: str = "") -> int:
        """How many are in a state and of a sub-pillar; "" for any."""
        return sum(
            number for of_state, of_code, number in self.rows if state in ("", of_state) and code in ("", of_code)
        )


def count_queue(year: int) -> QueueCounts:
    """How many objections of a year are in the queue. One query."""
    return QueueCounts(tuple(_QUEUE.all(min(year, GREATEST_SMALL))))


def _filed(year: Any) -> QuerySet[Objection]:
    """A draft is the province's own, and no row of the queue."""
    return Objection.objects.filter(year=year).exclude(filed_at=None)


_QUEUE: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: _filed(year).order_by("state", "code").values_list("state", "code").annotate(number=Count("pk"))
)


def filter_queue(year: int, wanted: QueueFilter, counts: QueueCounts) -> CountedRows[QueueRow]:
    """Filed objections of a year, those that wait first, the oldest before newer ones.

    Two queries for a slice that has any, one more to count where a region or a name is asked for.
    """
    rows = _filed(year)
    rows = rows.filter(state=wanted.state) if wanted.state else rows
    rows = rows.filter(code=wanted.code) if wanted.code else rows
    rows = rows.filter(province__region=wanted.region) if wanted.region else rows
    if wanted.text:
        name = Q(province__name_th__icontains=wanted.text) | Q(province__name_en__icontains=wanted.text)
        rows = rows.filter(name | Q(province__code__iexact=wanted.text))
    total = rows.count() if wanted.region or wanted.text else counts.count(wanted.state, wanted.code)
    return CountedRows(total, lambda start, stop: _read_queue(rows, start, stop))


def _read_queue(rows: QuerySet[Objection], start: int, stop: int) -> list[QueueRow]:
    fields = ("pk", "province__name_th", "province__name_en", "code", "official", "wanted", "filed_at", "state")
    found = list(rows.order_by(WAITING_FIRST, "filed_at", "pk").values_list(*fields)[start:stop])
    decisions = ObjectionDecision.objects.filter(objection__in=[row[0] for row in found]).order_by("number")
    newest = {pk: told for pk, *told in decisions.values_list("objection", "outcome", "score", "edition")}
    return [QueueRow(*row, *newest.get(row[0], ())) for row in found]


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
