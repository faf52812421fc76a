"""The progress board as values: agencies by sub-pillars with status and progress, read in four queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

from accounts.models import Agency
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from evidence.attaching.queries import marked_addresses_by_response
from survey.answering.channel import ChannelCount, channel_label, count_channels
from survey.answering.queries import response_state_key
from survey.assigning.part_progress import (
    HANDED_IN,
    URGENCY,
    ContributionCounts,
    PartProgress,
    PartStatus,
    most_urgent,
    part_status,
)
from survey.assigning.queries import ANSWERING_ROLES, assignment_due, assignment_target
from survey.assigning.targets import assignable_sub_pillars, target_sub_pillar
from survey.contributing.views.part_view import STATUS_LABELS
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue
from survey.models import Answer, Assignment, Channel, Response, Round
from survey.models.round import NOTHING_ACCEPTED_LABEL

NO_SUB_PILLAR: Final = "-"  # stands in addresses for questions under no sub-pillar


STATUS_LETTERS: Final[dict[PartStatus, str | Promise]] = {
    "overdue": pgettext_lazy("board letter", "ล"),
    "returned": pgettext_lazy("board letter", "ก"),
    "declined": pgettext_lazy("board letter", "ม"),
    "none": pgettext_lazy("board letter", "ย"),
    "started": pgettext_lazy("board letter", "ท"),
    "submitted": pgettext_lazy("board letter", "ส"),
    "nothing": pgettext_lazy("board letter", "ว"),
    "accepted": pgettext_lazy("board letter", "ร"),
}


STATUS_ORDER: Final[tuple[PartStatus, ...]] = (
    "overdue",
    "returned",
    "declined",
    "none",
    "started",
    "submitted",
    "nothing",
    "accepted",
)
WAITING: Final[frozenset[PartStatus]] = frozenset({"submitted", "nothing"})  # for the secretariat


@dataclass(slots=True)
class BoardCell:
    """An agency's parts under one sub-pillar: their statuses and progress.

    `nothing`: how many were handed in as nothing to report. `part`: the one to read first.
    """

    statuses: list[PartStatus] = field(default_factory=list)
    progress: PartProgress = field(default_factory=PartProgress)
    nothing: int = 0
    part: int = 0
    _first: tuple[bool, int] = (True, len(URGENCY))

    def add(self, part: Assignment, state: PartStatus, progress: PartProgress) -> None:
        """Adds a part; the progress of one that is declined or reports nothing is not counted."""
        self.statuses.append(state)
        rank = (state not in WAITING, URGENCY.index(state))
        if rank < self._first:
            self.part, self._first = part.pk, rank
        if part.is_handed_in and not progress.filled:
            self.nothing += 1
        elif state != "declined":
            self.progress.add(progress)

    @property
    def status(self) -> PartStatus:
        """The most urgent status of the parts."""
        return most_urgent(self.statuses)

    @property
    def letter(self) -> str:
        """The letter of the status."""
        return str(STATUS_LETTERS[self.status])

    @property
    def label(self) -> str:
        """The label of the status."""
        if self.is_nothing and self.status == "accepted":
            return str(NOTHING_ACCEPTED_LABEL)
        return str(STATUS_LABELS[self.status])

    @property
    def is_nothing(self) -> bool:
        """Whether every part says that there is nothing to report."""
        return bool(self.statuses) and self.nothing == len(self.statuses)

    @property
    def handed_in(self) -> int:
        """How many parts are handed in."""
        return sum(s in HANDED_IN for s in self.statuses)

    @property
    def parts(self) -> int:
        """How many parts are to be handed in."""
        return sum(s != "declined" for s in self.statuses)


@dataclass(slots=True)
class BoardRow:
    """The row of one agency. `channel`: by which way its answers came other than on the page, in words."""

    agency: Agency
    channel: str = ""
    cells: dict[str, BoardCell] = field(default_factory=dict)
    total: BoardCell = field(default_factory=BoardCell)


@dataclass(slots=True)
class ProgressBoard:
    """The whole board: columns, rows of agencies, totals by column, counts by status and by channel."""

    columns: Sequence[str]
    rows: list[BoardRow]
    totals: dict[str, BoardCell]
    counts: dict[PartStatus, int]
    channels: Sequence[ChannelCount]


Row = tuple[Any, ...]
_PART_COLUMNS: Final = (
    *("pk", "agency_id", "sub_pillar_id", "question_id", "item_id", "role"),
    *("state", "if_any", "due", "nothing_reason"),
)
_AGENCY_COLUMNS: Final = ("pk", "code", "name_th", "name_en", "active")
_boards: Final[LruCache[ProgressBoard]] = LruCache(16)


_PARTS: PreparedSelect[Row] = PreparedSelect(
    lambda round_: (
        Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES)
        .order_by("agency__sort_key", "agency_id", "pk")
        .values_list(*_PART_COLUMNS)
    )
)
_AGENCIES: PreparedSelect[Row] = PreparedSelect(
    lambda province: Agency.objects.filter(province=province).order_by("pk").values_list(*_AGENCY_COLUMNS)
)


def read_board(round_: Round) -> ProgressBoard:
    """The progress board of a round. Five queries, whatever its size; kept by all the rows that were read."""
    parts, agencies = tuple(_PARTS.all(round_.pk)), tuple(_AGENCIES.all(round_.province_id))
    contributions = contributions_of(round_)
    form, answers = round_.instrument, [response_state_key(one) for one in contributions]
    read = (form.pk, form.checksum, round_.agency_due, timezone.localdate(), get_language(), parts, agencies)
    channels = tuple((one.agency_id, one.channel) for one in contributions)
    key = None if None in answers else (*read, channels, tuple(answers))
    return _boards.get(key, lambda: _make_board(round_, parts, agencies, contributions))


def _make_board(
    round_: Round, parts: Iterable[Row], agency_rows: Iterable[Row], contributions: Sequence[Response]
) -> ProgressBoard:
    instrument = compiled_instrument(round_.instrument)
    agencies = {row[0]: Agency(**dict(zip(_AGENCY_COLUMNS, row, strict=True))) for row in agency_rows}
    counts = counts_by_agency(round_, contributions)
    channels = {one.agency_id: Channel(one.channel) for one in contributions}
    empty = ContributionCounts(resolve_path(instrument, {}), ())
    board_rows: dict[int, BoardRow] = {}
    totals: dict[str, BoardCell] = {}
    tallied: dict[PartStatus, int] = {}
    today = timezone.localdate()
    for row in parts:
        assignment = Assignment(**dict(zip(_PART_COLUMNS, row, strict=True)))
        target = assignment_target(round_.instrument, assignment)
        progress = counts.get(assignment.agency_id, empty).of(target)
        due = assignment_due(round_, assignment)
        state = part_status(
            state=assignment.state, filled=progress.filled, due=due, if_any=assignment.if_any, today=today
        )
        board_row = board_rows.get(assignment.agency_id)
        if board_row is None:
            channel = channel_label(channels.get(assignment.agency_id, Channel.ONLINE))
            board_row = board_rows[assignment.agency_id] = BoardRow(agencies[assignment.agency_id], channel)
        place = target_sub_pillar(instrument, target)
        for cell in (
            board_row.cells.setdefault(place, BoardCell()),
            board_row.total,
            totals.setdefault(place, BoardCell()),
        ):
            cell.add(assignment, state, progress)
        tallied[state] = tallied.get(state, 0) + 1
    used = [c for c in assignable_sub_pillars(instrument) if c in totals]
    return ProgressBoard(used, list(board_rows.values()), totals, tallied, count_channels(channels.values()))


_counts_cache: LruCache[ContributionCounts] = LruCache(512)


def contributions_of(round_: Round) -> list[Response]:
    """The contributions of a round. One query."""
    return _CONTRIBUTIONS.all(round_.pk)


_CONTRIBUTIONS: PreparedSelect[Response] = PreparedSelect(
    lambda round_: Response.objects.filter(round=round_, agency__isnull=False)
)


def counts_by_agency(round_: Round, contributions: Sequence[Response]) -> dict[int, ContributionCounts]:
    """The counts of a round's contributions by agency. Two queries, none where nothing changed since the last time."""
    instrument = compiled_instrument(round_.instrument)

    @cache
    def read_answers() -> tuple[dict[int, dict[str, AnswerValue]], dict[int, set[str]]]:
        values: dict[int, dict[str, AnswerValue]] = {contribution.pk: {} for contribution in contributions}
        rows = Answer.objects.filter(response__in=values, question__instrument=round_.instrument_id)
        for pk, value in rows.values_list("response_id", "value"):
            values[pk].update(value)
        return values, marked_addresses_by_response(values)

    def count(response: Response) -> ContributionCounts:
        values, marked = read_answers()
        return ContributionCounts(resolve_path(instrument, values[response.pk]), marked.get(response.pk, ()))

    return {
        contribution.agency_id: _counts_cache.get(response_state_key(contribution), partial(count, contribution))
        for contribution in contributions
        if contribution.agency_id is not None
    }
