"""What the first page knows of a round and of a person in it, as plain values. PURE."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PartCounts:
    """The parts that agencies answer in a round, by state. `due`: the first day of those not handed in."""

    open: int = 0
    returned: int = 0
    submitted: int = 0
    accepted: int = 0
    declined: int = 0
    due: date | None = None

    @property
    def total(self) -> int:
        """All of them."""
        return self.open + self.returned + self.submitted + self.accepted + self.declined

    @property
    def waiting(self) -> int:
        """Those the agencies have to act on."""
        return self.open + self.returned

    @property
    def settled(self) -> bool:
        """Whether there are parts, and each is accepted."""
        return self.total > 0 and self.accepted == self.total


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """The meetings of a round: the next one that is not concluded, and the outcome of the last concluded."""

    next_id: int | None = None
    next_day: date | None = None
    last_id: int | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class RoundFacts:
    """A round and its provincial response. `state`: draft, returned, endorsed, submitted or approved.

    `to_consolidate`: questions that agencies answered and nobody decided yet; `must_answer`: remarks that block the
    submission; `remarks`: all remarks not settled; `handed_over`: whether the approved version's file for DGA was made;
    `newer_form`: the newest published version of its form, 0 where it uses it.
    """

    key: int
    code: str
    year: int
    opens_on: date
    agency_due: date
    committee_on: date
    closes_on: date
    closed: bool
    response: int
    state: str
    parts: PartCounts = PartCounts()
    meetings: MeetingFacts = MeetingFacts()
    to_consolidate: int = 0
    must_answer: int = 0
    remarks: int = 0
    editable: bool = True
    handed_over: bool = False
    newer_form: int = 0

    @property
    def decided(self) -> bool:
        """Whether the committee endorsed the answer, or the answer went on without it."""
        return self.state in ("endorsed", "submitted", "approved")


@dataclass(frozen=True, slots=True)
class OwnAgency:
    """An agency the person answers for, in one round. `before`: parts it was given before the person came.

    `rejected`: its evidence that a reviewer rejects.

    `first_part`: key of the first part in the order of the form that is not handed in; `first_url`: the first
    unfinished question of it, where the form is begun already.
    """

    code: str
    name: str
    parts: PartCounts
    contribution: int | None = None
    must_answer: int = 0
    rejected: int = 0
    before: int = 0
    first_part: int | None = None
    first_url: str = ""


@dataclass(frozen=True, slots=True)
class PersonInRound:
    """What a person may do in a round, and what is theirs there. `open_points`: of the answer they fill."""

    may_assign: bool = False
    may_edit: bool = False
    may_submit: bool = False
    may_endorse: bool = False
    may_approve: bool = False
    may_manage: bool = False
    is_member: bool = False
    agencies: tuple[OwnAgency, ...] = ()
    open_points: int = 0


@dataclass(frozen=True, slots=True)
class ProvinceSetUp:
    """What a province administrator has to set up: people missing, invitations run out, rounds to open."""

    code: str
    name: str
    may_open_round: bool
    newest_year: int | None
    instrument_year: int | None
    without_secretariat: bool = False
    without_governor: bool = False
    agencies: int = 0
    agencies_without_people: int = 0
    expired_invitations: int = 0

    @property
    def round_to_open(self) -> bool:
        """Whether there is a published form for whose year no round is open yet."""
        return (
            self.may_open_round
            and self.instrument_year is not None
            and (self.newest_year is None or self.newest_year < self.instrument_year)
        )
