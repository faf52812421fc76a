"""What an act would do in each province, and why it leaves one out; digest of that. PURE."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from dgready.canonical import canonical_json, sha256_hex

DEFAULT_DAYS: Final = 60  # from opening to the end of a round for which no end is given
AGENCY_SHARE, COMMITTEE_SHARE = 0.5, 0.75  # of these days: agencies hand in, the committee meets


@dataclass(frozen=True, slots=True)
class ProvinceStanding:
    """A province in a year. The dates are None without a round; `people`: ids of those who would be told."""

    province: int
    code: str
    state: str = ""
    opens_on: date | None = None
    agency_due: date | None = None
    committee_on: date | None = None
    closes_at: datetime | None = None
    people: frozenset[int] = frozenset()

    @property
    def has_round(self) -> bool:
        """Whether a round of the year is open or was."""
        return self.closes_at is not None


@dataclass(frozen=True, slots=True)
class StepPlan:
    """What would be done in a province: values before and after; with a `reason` (a key of words.REASONS) nothing."""

    province: int
    code: str
    reason: str = ""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def spread_dates(opens: date, closes: date) -> dict[str, date]:
    """Days between opening and end for agencies and committee, where nobody named them."""
    days = max((closes - opens).days, 0)
    return {
        "opens_on": opens,
        "agency_due": opens + timedelta(days=int(days * AGENCY_SHARE)),
        "committee_on": opens + timedelta(days=int(days * COMMITTEE_SHARE)),
    }


def default_end(opens: date) -> date:
    """The last day of a round for which nobody named one."""
    return opens + timedelta(days=DEFAULT_DAYS)


def plan_open(standings: Iterable[ProvinceStanding], dates: Mapping[str, str] | None) -> list[StepPlan]:
    """Opens a round with these dates (ISO) where there is none; None: the year has no published form."""
    return [
        StepPlan(s.province, s.code, "open")
        if s.has_round
        else StepPlan(s.province, s.code, "no_form")
        if dates is None
        else StepPlan(s.province, s.code, after=dict(dates))
        for s in standings
    ]


def plan_closes(
    standings: Iterable[ProvinceStanding], closes_at: datetime, now: datetime, *, reason: str
) -> list[StepPlan]:
    """Moves the end of each round. A round that has closed needs a reason and an end that is to come."""

    def plan(s: ProvinceStanding) -> StepPlan:
        if s.closes_at is None:
            return StepPlan(s.province, s.code, "no_round")
        before = {"closes_at": s.closes_at.isoformat()}
        why = ""
        if s.closes_at == closes_at:
            why = "same"
        elif closes_at < now:
            why = "past"
        elif s.closes_at < now and not reason:
            why = "needs_reason"
        elif s.committee_on is not None and closes_at.date() < s.committee_on:
            why = "before_committee"
        return StepPlan(s.province, s.code, why, before, {} if why else {"closes_at": closes_at.isoformat()})

    return [plan(s) for s in standings]


def plan_close(standings: Iterable[ProvinceStanding], now: datetime) -> list[StepPlan]:
    """Ends each round at the moment at which it is done."""

    def plan(s: ProvinceStanding) -> StepPlan:
        if s.closes_at is None:
            return StepPlan(s.province, s.code, "no_round")
        before = {"closes_at": s.closes_at.isoformat()}
        return StepPlan(s.province, s.code, "closed", before) if s.closes_at < now else _now(s, before)

    return [plan(s) for s in standings]


def _now(s: ProvinceStanding, before: Mapping[str, Any]) -> StepPlan:
    return StepPlan(s.province, s.code, before=before, after={"closes_at": "now"})


def plan_remind(standings: Iterable[ProvinceStanding], done_states: frozenset[str], now: datetime) -> list[StepPlan]:
    """Reminds the secretariats of rounds that are running and not yet in one of `done_states`."""

    def why(s: ProvinceStanding) -> str:
        if s.closes_at is None:
            return "no_round"
        if s.state in done_states:
            return "handed_in"
        if s.closes_at < now:
            return "closed"
        return "" if s.people else "nobody"

    return [_told(s, why(s)) for s in standings]


def plan_message(standings: Iterable[ProvinceStanding]) -> list[StepPlan]:
    """Sends a message where somebody holds one of the roles."""
    return [_told(s, "" if s.people else "nobody") for s in standings]


def _told(s: ProvinceStanding, why: str) -> StepPlan:
    return StepPlan(s.province, s.code, why, after={} if why else {"people": sorted(s.people)})


def plan_digest(kind: str, params: Mapping[str, Any], plans: Sequence[StepPlan]) -> str:
    """The digest of what a preview shows: another one where anything of it is otherwise."""
    rows = [[p.code, p.reason, dict(p.before), dict(p.after)] for p in sorted(plans, key=lambda p: p.code)]
    return sha256_hex(canonical_json([kind, dict(params), rows]))
