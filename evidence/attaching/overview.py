"""The overview of a response's evidence: every place, by question, with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from dgready.shortened import Shortened, shorten_list
from evidence import places
from evidence.attaching import queries
from evidence.attaching.attachment_view import AttachmentView
from evidence.attaching.proving import lacking_state
from evidence.attaching.status import EvidenceStatus, evidence_status
from evidence.files.sizes import format_size
from survey.answering.queries import response_path
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import CompiledInstrument
from survey.models import Response

NO_PILLAR: Final = "general"
FILTERS: Final = ("missing", "unmarked", "unproven", "rejected", "unconfirmed", "links", "closed")
SHOWN_KINDS: Final = 1  # of document in the list; the place itself tells all
FEW_PLACES: Final = 8  # so many are read at a glance and need no folding
MOST_ROWS: Final = 200  # places and files on one page; of more each pillar has its own
SHOWN_FILES: Final = 3  # of a place in the list; the place itself shows all


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with its attachments. `is_open` False: its question is off the path, so nothing there counts."""

    address: str
    parts: tuple[str, ...]
    status: EvidenceStatus
    files: list[AttachmentView]
    is_open: bool
    url: str
    accepts: str = ""
    """Of a place without any file: the first kinds of document that count there."""

    @property
    def shown_files(self) -> Shortened[AttachmentView]:
        """The first of its files."""
        return shorten_list(self.files, SHOWN_FILES)

    @property
    def has_unmarked(self) -> bool:
        """Whether a file here has no mark yet."""
        return any(not f.claimed and not f.infected and not f.to_confirm for f in self.files)

    @property
    def has_rejected(self) -> bool:
        """Whether a reviewer rejects a file here."""
        return any(f.is_rejected for f in self.files)

    @property
    def lacking(self) -> str:
        """What a mark of a file here lacks (evidence.attaching.proving.UNPROVEN); "" where none lacks anything."""
        return lacking_state(f.lacking for f in self.files)

    @property
    def has_unconfirmed(self) -> bool:
        """Whether something of last year waits here to be confirmed."""
        return any(f.to_confirm for f in self.files)

    @property
    def lacks_copy(self) -> bool:
        """Whether a web address stands here without a copy of what it showed."""
        attached = any(f.url and not f.copy for f in self.files)
        return attached or bool(self.url and not any(f.sha256 and not f.infected for f in self.files))

    @property
    def is_missing(self) -> bool:
        """Whether nothing here can count: no file, or only such in which a virus was found."""
        return self.status in ("missing", "infected")


@dataclass(frozen=True, slots=True)
class QuestionEvidence:
    """A question with its places."""

    item_id: str
    code: str
    label: str
    section: str
    places: list[PlaceView]


@dataclass(frozen=True, slots=True)
class PillarEvidence:
    """The questions of one pillar (of those under none: without a number), with counts of open places by status.

    `is_told`: its places are on this page, not on one of their own.
    """

    number: str
    name: str
    groups: list[QuestionEvidence]
    is_open: bool
    is_told: bool = True

    @property
    def key(self) -> str:
        """What an address calls it."""
        return self.number or NO_PILLAR

    @property
    def rows(self) -> int:
        """Places and files that its part of the list has."""
        return sum(1 + len(place.shown_files) for group in self.groups for place in group.places)

    @property
    def missing(self) -> int:
        """Open places without any file that can count."""
        return sum(view.is_missing for view in self._open_places())

    @property
    def unmarked(self) -> int:
        """Open places with files of which none is marked."""
        return sum(view.status in ("unmarked", "unconfirmed") for view in self._open_places())

    @property
    def places(self) -> int:
        """Places shown."""
        return sum(len(group.places) for group in self.groups)

    def _open_places(self) -> Iterator[PlaceView]:
        return (view for group in self.groups for view in group.places if view.is_open)


@dataclass(frozen=True, slots=True)
class EvidenceOverview:
    """All places of a response by question, with the counts of open places by status.

    `unproven`: open places with a mark whose passage was not found, or that points at nothing on a picture.
    `rejected`: places where what there is was rejected; `with_rejected`: those with a rejected file beside others too.
    """

    groups: list[QuestionEvidence]
    marked: int
    unmarked: int
    missing: int
    unproven: int
    unconfirmed: int
    links: int
    closed: int
    rejected: int
    with_rejected: int
    files: int
    size_text: str

    @property
    def total(self) -> int:
        """Open places."""
        return self.marked + self.unmarked + self.unconfirmed + self.missing + self.rejected

    @property
    def percent(self) -> int:
        """Share of open places whose evidence counts, rounded down."""
        return 100 * self.marked // self.total if self.total else 0


def evidence_overview(response: Response, language: str) -> EvidenceOverview:
    """The overview of a response. Three queries."""
    return make_overview(response_path(response), queries.attachments_by_address(response), language)


def make_overview(
    path: QuestionnairePath, attachments: dict[str, list[AttachmentView]], language: str
) -> EvidenceOverview:
    """The overview of what was read. No query."""
    views = _place_views(path, attachments, language)
    by_question: dict[str, list[PlaceView]] = {}
    for question, view in views:
        by_question.setdefault(question, []).append(view)
    counts = Counter(view.status for _question, view in views if view.is_open)
    sizes = {f.sha256: f.size for files in attachments.values() for f in files if f.sha256}
    return EvidenceOverview(
        groups=[
            _question_evidence(path, question, by_question[question], language)
            for question in _in_form_order(path, by_question)
        ],
        marked=counts["marked"] + counts["url"],
        unmarked=counts["unmarked"],
        missing=counts["missing"] + counts["infected"],
        unproven=sum(1 for _question, view in views if view.is_open and view.lacking),
        unconfirmed=counts["unconfirmed"],
        links=sum(view.is_open and view.lacks_copy for _question, view in views),
        closed=sum(1 for _question, view in views if not view.is_open),
        rejected=counts["rejected"],
        with_rejected=sum(view.has_rejected for _question, view in views if view.is_open),
        files=sum(map(len, attachments.values())),
        size_text=format_size(sum(sizes.values())),
    )


def _place_views(
    path: QuestionnairePath, attachments: dict[str, list[AttachmentView]], language: str
) -> list[tuple[str, PlaceView]]:
    views: list[tuple[str, PlaceView]] = []
    for address in dict.fromkeys([*path.places, *sorted(attachments)]):
        place = places.find_place(path.instrument, address)
        if place is None:
            continue
        files = attachments.get(address, [])
        url = path.values.get(place.url) if place.url else None
        view = PlaceView(
            address=address,
            parts=places.describe_place(path.instrument, place, path.values, language),
            status=evidence_status(place, files, path.values),
            files=files,
            is_open=address in path.places,
            url=url if isinstance(url, str) else "",
            accepts="" if files else _accepted(path.instrument, address, language),
        )
        views.append((place.question, view))
    return views


@lru_cache(maxsize=4096)
def _accepted(instrument: CompiledInstrument, address: str, language: str) -> str:
    return ", ".join(text.text.to(language) for text in instrument.proof_of(address).accepts[:SHOWN_KINDS])


def _in_form_order(path: QuestionnairePath, questions: dict[str, list[PlaceView]]) -> list[str]:
    return sorted(questions, key=lambda q: path.instrument.items[q].order)


def _question_evidence(
    path: QuestionnairePath, question: str, views: list[PlaceView], language: str
) -> QuestionEvidence:
    item = path.instrument.items[question]
    return QuestionEvidence(question, item.code or "", item.ask.to(language), item.section, views)


def filter_overview(overview: EvidenceOverview, show: str) -> list[QuestionEvidence]:
    """The groups with only the places to `show`, one of FILTERS; else all."""
    tests = {
        "missing": lambda v: v.is_open and v.is_missing,
        "unmarked": lambda v: v.is_open and v.has_unmarked,
        "unproven": lambda v: v.is_open and v.lacking,
        "rejected": lambda v: v.is_open and v.has_rejected,
        "unconfirmed": lambda v: v.has_unconfirmed,
        "links": lambda v: v.is_open and v.lacks_copy,
        "closed": lambda v: not v.is_open,
    }
    test = tests.get(show)
    if test is None:
        return overview.groups
    groups = []
    for group in overview.groups:
        if chosen := [v for v in group.places if test(v)]:
            groups.append(QuestionEvidence(group.item_id, group.code, group.label, group.section, chosen))
    return groups


def fold_by_pillar(
    instrument: CompiledInstrument, groups: list[QuestionEvidence], language: str, chosen: str = ""
) -> list[PillarEvidence]:
    """The questions by pillar in the order of the form; all pillars stand open where there is little to read.

    Where there is too much for one page the `chosen` pillar alone is told, the first one where none is.
    """
    names = {p.number: p.name.to(language) for p in instrument.pillars}
    by_pillar: dict[str, list[QuestionEvidence]] = {}
    for group in groups:
        by_pillar.setdefault(instrument.items[group.item_id].pillar or "", []).append(group)
    few = sum(len(group.places) for group in groups) <= FEW_PLACES
    pillars = [PillarEvidence(number, names.get(number, ""), some, few) for number, some in by_pillar.items()]
    if sum(pillar.rows for pillar in pillars) <= MOST_ROWS:
        return pillars
    told = chosen if any(pillar.key == chosen for pillar in pillars) else pillars[0].key
    return [replace(pillar, is_told=pillar.key == told, is_open=pillar.key == told) for pillar in pillars]
