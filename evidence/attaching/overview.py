"""All evidence of a response at a glance: question by question, place by place."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from evidence import places
from evidence.attaching import queries
from evidence.attaching.queries import AttachmentView, EvidenceStatus
from evidence.files.sizes import format_size
from survey.answering.queries import response_path
from survey.instrument.path import QuestionnairePath
from survey.models import Response

FILTERS: Final = ("missing", "unmarked", "closed")


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with what stands there. `is_open` False: its question is off the path, nothing there counts."""

    address: str
    parts: tuple[str, ...]
    standing: EvidenceStatus
    files: list[AttachmentView]
    is_open: bool
    url: str

    @property
    def has_unmarked(self) -> bool:
        """Whether a file here has no mark yet."""
        return any(not f.marked for f in self.files)


@dataclass(frozen=True, slots=True)
class QuestionEvidence:
    """A question with its places."""

    item_id: str
    code: str
    label: str
    section: str
    places: list[PlaceView]


@dataclass(frozen=True, slots=True)
class EvidenceOverview:
    """The whole, with its counts of open places by standing."""

    groups: list[QuestionEvidence]
    marked: int
    unmarked: int
    missing: int
    closed: int
    files: int
    size_text: str

    @property
    def total(self) -> int:
        """Open places."""
        return self.marked + self.unmarked + self.missing

    @property
    def percent(self) -> int:
        """Share of open places whose evidence counts, rounded down."""
        return 100 * self.marked // self.total if self.total else 0


def evidence_overview(response: Response, language: str) -> EvidenceOverview:
    """The overview of a response. Three queries."""
    path = response_path(response)
    evidence = queries.attachments_by_address(response)
    views = _place_views(path, evidence, language)
    by_question: dict[str, list[PlaceView]] = {}
    for question, view in views:
        by_question.setdefault(question, []).append(view)
    counts = Counter(view.standing for _question, view in views if view.is_open)
    sizes = {f.sha256: f.size for some in evidence.values() for f in some if f.sha256}
    return EvidenceOverview(
        groups=[
            _question_evidence(path, question, by_question[question], language)
            for question in _in_form_order(path, by_question)
        ],
        marked=counts["marked"] + counts["url"],
        unmarked=counts["unmarked"],
        missing=counts["missing"],
        closed=sum(1 for _question, view in views if not view.is_open),
        files=sum(len(some) for some in evidence.values()),
        size_text=format_size(sum(sizes.values())),
    )


def _place_views(
    path: QuestionnairePath, evidence: dict[str, list[AttachmentView]], language: str
) -> list[tuple[str, PlaceView]]:
    out: list[tuple[str, PlaceView]] = []
    for address in dict.fromkeys([*path.places, *sorted(evidence)]):
        place = places.find_place(path.instrument, address)
        if place is None:
            continue
        files = evidence.get(address, [])
        url = path.values.get(place.url) if place.url else None
        view = PlaceView(
            address=address,
            parts=places.describe_place(path.instrument, place, path.values, language),
            standing=queries.evidence_status(place, files, path.values),
            files=files,
            is_open=address in path.places,
            url=url if isinstance(url, str) else "",
        )
        out.append((place.question, view))
    return out


def _in_form_order(path: QuestionnairePath, questions: dict[str, list[PlaceView]]) -> list[str]:
    return sorted(questions, key=lambda q: path.instrument.items[q].order)


def _question_evidence(
    path: QuestionnairePath, question: str, views: list[PlaceView], language: str
) -> QuestionEvidence:
    item = path.instrument.items[question]
    return QuestionEvidence(question, item.code or "", item.ask.to(language), item.section, views)


def filter_overview(whole: EvidenceOverview, show: str) -> list[QuestionEvidence]:
    """The groups with only the places to `show`: "missing", "unmarked" files, "closed", or all."""
    tests = {
        "missing": lambda v: v.is_open and v.standing == "missing",
        "unmarked": lambda v: v.is_open and v.has_unmarked,
        "closed": lambda v: not v.is_open,
    }
    test = tests.get(show)
    if test is None:
        return whole.groups
    out = []
    for group in whole.groups:
        if chosen := [v for v in group.places if test(v)]:
            out.append(QuestionEvidence(group.item_id, group.code, group.label, group.section, chosen))
    return out
