"""Reads of the committee's work: meetings, what they decide on, the endorsement and what came after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404

from accounts.models import Membership, User
from accounts.roles import Capability, Role
from survey import access
from survey.assigning import queries as parts
from survey.assigning.targets import assignable_sub_pillars
from survey.instrument.queries import compiled_instrument
from survey.models import Delegation, Event, Meeting, Resolution, Response, Round

# Verbs of what people add to an answer; the rest of the journal is about steps and words.
ADDITION_EVENTS = Q(verb__startswith="answer.") | Q(verb__startswith="evidence.")


def get_meeting(user: User, code: str, year: int, pk: int, cap: Capability) -> Meeting:
    """A meeting of a round; Http404 unless the person holds `cap` in its province."""
    round_ = access.get_round(user, code, year, cap)
    found = Meeting.objects.select_related("by", "concluded_by").filter(round=round_, pk=pk).first()
    if found is None:
        raise Http404
    found.round = round_
    return found


def provincial_response(round_: Round) -> Response:
    """The province's own answer of a round."""
    response = Response.objects.get(round=round_, agency=None)
    response.round = round_
    return response


def sub_pillars_to_decide(round_: Round) -> tuple[str, ...]:
    """The sub-pillars a committee decides on: those that the form asks about, in order."""
    return tuple(code for code in assignable_sub_pillars(compiled_instrument(round_.instrument)) if code)


def meeting_resolutions(meeting: Meeting) -> dict[str, Resolution]:
    """The resolutions of a meeting by code of the sub-pillar. One query."""
    rows = Resolution.objects.filter(meeting=meeting)
    code_of = {pk: code for code, pk in parts.sub_pillar_keys(meeting.round.instrument).items()}
    return {code_of[row.sub_pillar_id]: row for row in rows}


# -- the endorsement ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LateAddition:
    """Something added to the answer after the committee endorsed it."""

    at: datetime
    by: str
    verb: str
    question: str


@dataclass(frozen=True, slots=True)
class Endorsement:
    """The committee's endorsement that stands, and what was added since, oldest first."""

    seq: int
    at: datetime
    by_id: int
    by: str
    data: Mapping[str, Any]
    late: tuple[LateAddition, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions touched since, each once, in the order of the first touch."""
        return tuple(dict.fromkeys(row.question for row in self.late if row.question))


def response_steps(response: Response) -> list[Event]:
    """The steps the response has taken, newest first. One query."""
    rows = Event.objects.filter(response=response, verb__startswith="response.").select_related("by")
    return list(rows.order_by("-seq"))


def read_endorsement(response: Response, steps: Iterable[Event] | None = None) -> Endorsement | None:
    """The endorsement that a later meeting has not taken back, or None. Two queries, one where there is none.

    `steps`: those of the response, where they are read already.
    """
    rows = Event.objects.filter(response=response)
    taken = response_steps(response) if steps is None else steps
    last = next((e for e in taken if e.verb in ("response.endorse", "response.remand")), None)
    if last is None or last.verb == "response.remand":
        return None
    fields = ("at", "verb", "question__item_id", "by__first_name", "by__last_name", "by__email")
    since = rows.filter(ADDITION_EVENTS, seq__gt=last.seq).order_by("seq").values_list(*fields)
    late = tuple(
        LateAddition(at, f"{first} {family}".strip() or email or "", verb, question or "")
        for at, verb, question, first, family, email in since
    )
    by = last.by.get_full_name() if last.by else ""
    return Endorsement(last.seq, last.at, last.by_id or 0, by, last.data, late)


@dataclass(frozen=True, slots=True)
class TouchedQuestion:
    """A question added to after the endorsement, and by whom last."""

    question: str
    code: str
    ask: str
    last: LateAddition


def touched_questions(round_: Round, endorsement: Endorsement, language: str) -> list[TouchedQuestion]:
    """What was added after the endorsement, by question; no query."""
    items = compiled_instrument(round_.instrument).items
    last = {row.question: row for row in endorsement.late if row.question}
    return [TouchedQuestion(q, items[q].code or q, items[q].ask.to(language), last[q]) for q in endorsement.questions]


def endorsement_snapshot(response: Response) -> dict[str, Any] | None:
    """What a frozen version records of the endorsement."""
    found = read_endorsement(response)
    if found is None:
        return None
    return {
        "seq": found.seq,
        "at": found.at,
        "by": found.by_id,
        "meeting": found.data.get("meeting"),
        "late": list(found.questions),
    }


# -- the governor's delegates ---------------------------------------------------------------------


def is_governor(user: User, province_id: int) -> bool:
    """Whether the person approves there in their own right, not in somebody's place. One query."""
    own = Membership.objects.current().filter(user=user, role=Role.GOVERNOR, province=province_id)
    return own.filter(delegation=None).exists()


def acting_delegation(user: User, province_id: int, on: date) -> Delegation | None:
    """The delegation by which the person approves there that day; None when they do so in their own right."""
    if is_governor(user, province_id):
        return None
    rows = Delegation.objects.filter(delegate=user, province=province_id, revoked_at=None)
    return rows.filter(starts_on__lte=on, ends_on__gte=on).select_related("by").order_by("-at").first()


def delegation_snapshot(found: Delegation | None) -> dict[str, Any] | None:
    """What a frozen version records of the delegation it was approved by."""
    if found is None:
        return None
    return {
        "document": found.document_number,
        "document_sha256": found.document_sha256,
        "from": found.starts_on,
        "to": found.ends_on,
        "by": found.by_id,
    }
