"""Reads of the first page: the rounds of a person, and the facts of each in a few queries for all of them together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.access import ALL_PROVINCES, agency_ids_with_capability, province_ids_with_capability
from accounts.models import Agency, Province, User
from accounts.respondents import of_provinces
from accounts.roles import Capability
from dgready.prepared_select import PreparedSelect
from evidence.attaching.proving import REJECTING
from evidence.models import Attachment
from reports.models import Download, ReportKind
from survey.assigning.queries import ANSWERING_ROLES
from survey.first_page.facts import MeetingFacts, PartCounts, RoundFacts
from survey.first_page.main_menu import MenuRound
from survey.instrument.answering_mode import AnsweredBy
from survey.instrument.queries import is_answered_by_each_agency
from survey.models import (
    Answer,
    Assignment,
    Comment,
    Consolidation,
    FrozenResponse,
    Instrument,
    Meeting,
    Response,
    Round,
)

PartRows = Mapping[int, Sequence[tuple[int, str, date | None, int]]]  # by round: agency, state, own due date, number


def _with_form(rounds: QuerySet[Round]) -> QuerySet[Round]:
    return (
        rounds.select_related("province", "instrument")
        .defer("instrument__source")
        .order_by("-year", "province__sort_key")
    )


def _rounds_within(own: Any, provinces: Any, agencies: Any) -> QuerySet[Round]:
    has_agency = Exists(Agency.objects.filter(province=OuterRef("province"), pk__in=agencies))
    return _with_form(Round.objects.filter(Q(province__in=provinces) | has_agency, province__in=own))


_ROUNDS_WITHIN: PreparedSelect[Round] = PreparedSelect(_rounds_within)
_ROUNDS_OF: PreparedSelect[Round] = PreparedSelect(lambda own: _with_form(Round.objects.filter(province__in=own)))


def readable_rounds_of(user: User, provinces: Collection[int]) -> list[Round]:
    """The rounds of these provinces that a person may read, or answers for an agency in.

    One query, or none without a province.
    """
    if not provinces:
        return []
    mine = province_ids_with_capability(user, Capability.RESPONSE_READ)
    if mine is ALL_PROVINCES:
        return _ROUNDS_OF.all(sorted(provinces))
    agencies = agency_ids_with_capability(user, Capability.CONTRIBUTION_READ)
    return _ROUNDS_WITHIN.all(sorted(provinces), sorted(mine), sorted(agencies))


@dataclass(frozen=True, slots=True)
class YearSummary:
    """How many rounds a year has in all provinces, and how many of their answers are in each state."""

    year: int
    rounds: int
    states: tuple[tuple[str, int], ...]


def count_rounds_by_year() -> list[YearSummary]:
    """The years of all provinces, newest first, in the order of the states. One query."""
    answers = Response.objects.filter(of_provinces("round__province"), agency=None)
    rows = answers.order_by().values_list("round__year", "state").annotate(n=Count("pk"))
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for year, state, number in rows:
        counts[year][state] = number
    return [
        YearSummary(
            year,
            sum(states.values()),
            tuple((str(label), states[value]) for value, label in Response.State.choices if value in states),
        )
        for year, states in sorted(counts.items(), reverse=True)
    ]


def newest_round(user: User, province: object = None) -> MenuRound | None:
    """The newest round the person takes part in, for pages about none: of their own provinces. One query or none.

    `province`: of the page, if it is about one.
    """
    own = {grant.province_id for grant in user.grants if grant.province_id is not None}
    if isinstance(province, Province):
        central = bool(province_ids_with_capability(user, Capability.RESPONSE_READ)) and not own
        own = {province.pk} if province.pk in own or central else own
    if not own:
        return None
    row = _NEWEST_ROUND.first(sorted(own))
    return MenuRound(*row[:3], by_agencies=row[3] == AnsweredBy.EACH_AGENCY) if row else None


_NEWEST_ROUND: PreparedSelect[tuple[int, str, int, str]] = PreparedSelect(
    lambda provinces: (
        Round.objects.filter(province__in=provinces)
        .order_by("-year", "province__sort_key")
        .values_list("province_id", "province__code", "year", "instrument__source__answered_by")[:1]
    )
)


def is_known_by_agencies(round_: Round) -> bool:
    """Whether each agency answers the round for itself, as far as the page has read its form. No query."""
    return Round.instrument.is_cached(round_) and is_answered_by_each_agency(round_.instrument)


def read_round_facts(
    rounds: Sequence[Round], agencies: Iterable[int], now: datetime
) -> tuple[list[RoundFacts], dict[tuple[int, int | None], Response], PartRows]:
    """The facts of rounds; the responses by round and agency (None: the province's); the parts. Two queries.

    `agencies`: whose contributions are read too.
    """
    responses = {(r.round_id, r.agency_id): r for r in _responses_with_counts(rounds, agencies)}
    parts = _part_rows(rounds)
    facts = [
        _round_facts(round_, responses[round_.pk, None], count_parts(round_, parts.get(round_.pk, ())), now)
        for round_ in rounds
        if (round_.pk, None) in responses
    ]
    return facts, responses, parts


def count_parts(round_: Round, rows: Iterable[tuple[int, str, date | None, int]]) -> PartCounts:
    """Counts of parts by state, with the first day of those that are not handed in."""
    counts: dict[str, int] = defaultdict(int)
    days: list[date] = []
    for _agency, state, due, number in rows:
        counts[state] += number
        if state in (Assignment.State.OPEN, Assignment.State.RETURNED):
            days.append(due or round_.agency_due)
    return PartCounts(**counts, due=min(days, default=None))


def _part_rows(rounds: Sequence[Round]) -> PartRows:
    """The parts that agencies answer, by round. One query."""
    found: dict[int, list[tuple[int, str, date | None, int]]] = defaultdict(list)
    for round_id, agency, state, due, number in _PART_ROWS.all([round_.pk for round_ in rounds]):
        found[round_id].append((agency, str(state), due, number))
    return found


_PART_ROWS: PreparedSelect[tuple[int, int, str, date | None, int]] = PreparedSelect(
    lambda rounds: (
        Assignment.objects.filter(round__in=rounds, role__in=ANSWERING_ROLES)
        .order_by()
        .values_list("round", "agency", "state", "due")
        .annotate(number=Count("pk"))
    )
)


def _responses_with_counts(rounds: Sequence[Round], agencies: Iterable[int]) -> list[Any]:
    """The provincial responses and those agencies' contributions, with what is counted around them. One query."""
    return _COUNTED_RESPONSES.all([round_.pk for round_ in rounds], sorted(agencies))


def _counted_responses(rounds: Any, agencies: Any) -> QuerySet[Response]:
    rows = Response.objects.filter(Q(agency=None) | Q(agency__in=agencies), round__in=rounds)
    threads = Comment.objects.filter(response=OuterRef("pk"), parent=None, resolved_at=None)
    rejected = Attachment.objects.filter(response=OuterRef("pk"), removed_at=None, verdict__in=REJECTING)
    meetings = Meeting.objects.filter(round=OuterRef("round"))
    ahead = meetings.filter(concluded_at=None).order_by("held_at", "pk")
    concluded = meetings.exclude(concluded_at=None).order_by("-concluded_at")
    approved_at = FrozenResponse.objects.filter(response=OuterRef("pk"), voided_at=None).values("approved_at")[:1]
    sent = Download.objects.filter(
        job__response=OuterRef("pk"), job__kind=ReportKind.DGA, job__created_at__gte=OuterRef("approved_at")
    )
    return (
        rows.defer("open_points")
        .annotate(
            remarks=_count(threads, "response"),
            must_answer=_count(threads.filter(must_answer=True), "response"),
            rejected=_count(rejected, "response"),
            to_consolidate=_count(_undecided_answers(), "response__round", "question"),
            next_meeting=Subquery(ahead.values("pk")[:1]),
            next_meeting_at=Subquery(ahead.values("held_at")[:1]),
            last_meeting=Subquery(concluded.values("pk")[:1]),
            last_outcome=Subquery(concluded.values("outcome")[:1]),
            approved_at=Subquery(approved_at),
            newer_form=Subquery(_newer_forms().values("version")[:1]),
        )
        .annotate(handed_over=Exists(sent))
    )


_COUNTED_RESPONSES: PreparedSelect[Response] = PreparedSelect(_counted_responses)


def _newer_forms() -> QuerySet[Instrument]:
    """Published versions of a round's form that are later than the one it uses, the newest first."""
    form = "round__instrument__"
    same = {"key": OuterRef(f"{form}key"), "year": OuterRef(f"{form}year"), "version__gt": OuterRef(f"{form}version")}
    return Instrument.objects.filter(**same, published_at__isnull=False).order_by("-version")


def _undecided_answers() -> QuerySet[Answer]:
    """Answers of agencies to questions on which the province has not decided."""
    decided = Consolidation.objects.filter(
        response__round=OuterRef("response__round"), response__agency=None, question=OuterRef("question")
    )
    answers = Answer.objects.filter(response__round=OuterRef("round"), response__agency__isnull=False)
    answers = answers.filter(question__instrument=OuterRef("round__instrument"))
    return answers.exclude(value={}).filter(~Exists(decided))


def _count(rows: QuerySet[Any], group: str, counted: str = "pk") -> Coalesce:
    """The number of distinct values in a subquery; 0 where it has no row."""
    counts = rows.order_by().values(group).annotate(number=Count(counted, distinct=True)).values("number")
    return Coalesce(Subquery(counts), Value(0))


def _round_facts(round_: Round, response: Any, parts: PartCounts, now: datetime) -> RoundFacts:
    next_at = response.next_meeting_at
    return RoundFacts(
        key=round_.pk,
        code=round_.province.code,
        year=round_.year,
        opens_on=round_.opens_on,
        agency_due=round_.agency_due,
        committee_on=round_.committee_on,
        closes_on=timezone.localdate(round_.closes_at),
        closed=round_.is_closed(now),
        response=response.pk,
        state=str(response.state),
        parts=parts,
        meetings=MeetingFacts(
            response.next_meeting,
            timezone.localdate(next_at) if next_at else None,
            response.last_meeting,
            response.last_outcome or "",
        ),
        to_consolidate=response.to_consolidate,
        must_answer=response.must_answer,
        remarks=response.remarks,
        editable=response.is_editable,
        handed_over=response.handed_over,
        newer_form=response.newer_form or 0,
    )
