"""What the API answers, as types: OpenAPI is made of them, and each answer is held to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field

T = TypeVar("T")


class Page(Schema, Generic[T]):
    """A part of a list: `offset` entries are before it, `next` is the offset of the rest, null at the end."""

    items: list[T]
    total: int
    limit: int
    offset: int
    next: int | None


class ErrorOut(Schema):
    """A refusal: a code for programs, a sentence in Thai or English (Accept-Language) for people."""

    error: str
    message: str
    fields: list[str] = Field([], description="of a wrong request: the parameters that are wrong")


class RoundOut(Schema):
    """A province's survey year (Buddhist era) with its dates."""

    id: int
    province: str
    year: int
    form: str
    form_version: int
    period_from: date
    period_to: date
    opens_on: date
    agency_due: date
    committee_on: date
    closes_at: datetime
    closed: bool


class ResponseOut(Schema):
    """A set of answers: of the province (`agency` null), or of one agency."""

    id: int
    agency: str | None
    agency_name: str | None
    state: str
    state_label: str
    version: int = Field(description="grows with every change; unchanged means that nothing changed")
    channel: str


class ProgressCount(Schema):
    """Fields that must be answered, and evidence places, with what is missing."""

    total: int
    answered: int
    percent: int
    evidence: int
    missing_evidence: int


class SectionProgress(ProgressCount):
    """The progress of a section of the form."""

    section: str
    code: str
    title: str


class ProgressOut(Schema):
    """How far a set of answers is: as a whole and by section."""

    response: int
    state: str
    version: int
    overall: ProgressCount
    sections: list[SectionProgress]


class AnswerOut(Schema):
    """A field of the form in its order, answered or not.

    `value` by `type`: keys of options, numbers, texts, months (year-month, Christian era), row keys; null without an
    answer. `text` is what the paper would show.
    """

    address: str
    item: str
    code: str
    label: str
    type: str
    required: bool
    state: Literal["answered", "unanswered", "off", "closed", "heading"]
    value: str | int | float | list[str] | None
    text: str
    note: str
    saved_at: datetime | None


class MarkOut(Schema):
    """A passage that supports the answer, and whether it was found in the file."""

    pages: str
    quote: str
    note: str
    state: str


class EvidenceOut(Schema):
    """A document at a place of the form; the same document at another place is another entry.

    `sha256`: of the file, or of the kept copy of a web page; `counts`: whether it proves the answer.
    """

    document: int
    address: str
    question: str
    code: str
    place: str
    name: str
    url: str
    size: int
    sha256: str
    document_date: date | None
    counts: bool
    verdict: str
    verdict_reason: str
    marks: list[MarkOut]


class EvidencePage(Page[EvidenceOut]):
    """The index of evidence at open places; of an approved answer as it was frozen."""

    places: int
    proven_places: int
    approved_version: int | None


class ScoreOut(Schema):
    """The score with its reasons, the same as `manage.py score response --format json` prints.

    Scores are texts with two decimals; `low`, `best` and `high` bound what is not published, `uncertainty` says how
    likely; `estimated` and the `origin` of each number say what is not official.
    """

    model_config = ConfigDict(extra="allow")

    response: int
    version: int
    year: int
    scheme: str
    total: str | None
    low: str | None
    best: str | None
    high: str | None
    level: int | None
    estimated: bool
    external_estimates: list[dict[str, Any]]
    pillars: list[dict[str, Any]]
    uncertainty: dict[str, Any]
    official: dict[str, Any] | None


class ReleaseOut(Schema):
    """A frozen version of the provincial answer. `intact`: its text still has its hash, and the journal tells of it."""

    number: int
    sha256: str
    approved_at: datetime | None
    order: str
    voided_at: datetime | None
    void_reason: str
    in_force: bool
    intact: bool
    check: str = Field(description="address of the public check")


class ResultOut(Schema):
    """A published figure: of the province, of the average, or of rank 1. `origin`: official or recovered."""

    year: int
    subject: str
    kind: str
    code: str
    score: str
    level: int | None
    rank: int | None
    origin: str
    source: str
    edition: str


class NationalOut(Schema):
    """A released national report, of all provinces or of a group; of a year that each agency answers, its averages.

    `answered_by`: province or each_agency. `blocks`: as the page's JSON has them. `groups`: the members that are told.
    """

    model_config = ConfigDict(extra="allow")

    year: int
    version: str
    released_at: datetime
    notes: str
    sha256: str = Field(description="of the release as it is stored")
    answered_by: str
    group: str
    member: str
    provinces: int
    invited: int
    groups: dict[str, list[str]]
    blocks: list[dict[str, Any]]
