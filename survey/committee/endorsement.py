"""The committee's endorsement of an answer, and what was added to the answer after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from dgready.prepared_select import PreparedSelect
from survey.instrument.queries import compiled_instrument
from survey.models import Event, Meeting, Response, Round

# Verbs of what people add to an answer; the rest of the journal is about steps and words.
# A quote that is checked in the background is nobody's addition.
_EVIDENCE = Q(verb__startswith="evidence.") & ~Q(verb="evidence.check")
ADDITION_EVENTS = Q(verb__startswith="answer.") | _EVIDENCE | Q(verb__startswith="external.")


@dataclass(frozen=True, slots=True)
class LateAddition:
    """An addition to the answer after the committee endorsed it, or after its paper was tabled."""

    seq: int
    at: datetime
    by: str
    verb: str
    question: str


@dataclass(frozen=True, slots=True)
class Endorsement:
    """The valid endorsement of the committee, and the additions since, oldest first."""

    seq: int
    at: datetime
    by_id: int
    by: str
    data: Mapping[str, Any]
    additions: tuple[LateAddition, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions added to since, each once, in the order of the first addition."""
        return questions_of(self.additions)


def response_steps(response: Response) -> list[Event]:
    """The transition events of a response, newest first. One query."""
    return _STEPS.all(response.pk)


_STEPS: PreparedSelect[Event] = PreparedSelect(
    lambda response: (
        Event.objects.filter(response=response, verb__startswith="response.").select_related("by").order_by("-seq")
    )
)


def read_additions(response: Response, since: int) -> tuple[LateAddition, ...]:
    """What people changed in the answer after an event of its journal, oldest first. One query."""
    return tuple(
        LateAddition(seq, at, f"{first} {last_name}".strip() or email or "", verb, question or "")
        for seq, at, verb, question, first, last_name, email in _ADDITIONS.all(response.pk, since)
    )


_ADDITIONS: PreparedSelect[tuple[int, datetime, str, str | None, str | None, str | None, str | None]] = PreparedSelect(
    lambda response, since: (
        Event.objects.filter(ADDITION_EVENTS, response=response, seq__gt=since)
        .order_by("seq")
        .values_list("seq", "at", "verb", "question__item_id", "by__first_name", "by__last_name", "by__email")
    )
)


def questions_of(additions: Iterable[LateAddition]) -> tuple[str, ...]:
    """The questions added to, each once, in the order of the first addition."""
    return tuple(dict.fromkeys(row.question for row in additions if row.question))


def endorsing_step(steps: Iterable[Event]) -> Event | None:
    """The step that endorsed the answer, of those given newest first; None where it was remanded later."""
    last_step = next((e for e in steps if e.verb in ("response.endorse", "response.remand")), None)
    return last_step if last_step is not None and last_step.verb == "response.endorse" else None


def read_endorsement(response: Response) -> Endorsement | None:
    """The valid endorsement (not remanded later), or None. Two queries, one where there is none."""
    last_step = endorsing_step(response_steps(response))
    if last_step is None:
        return None
    return endorsement_of(last_step, read_additions(response, last_step.seq))


def endorsement_of(step: Event, late: tuple[LateAddition, ...]) -> Endorsement:
    """The endorsement made by an event, with what was added after it."""
    by = step.by.get_full_name() if step.by else ""
    return Endorsement(step.seq, step.at, step.by_id or 0, by, step.data, late)


@dataclass(frozen=True, slots=True)
class TouchedQuestion:
    """A question added to after the endorsement, and its last addition."""

    question: str
    code: str
    ask: str
    last: LateAddition


def touched_questions(
    round_: Round, changed: Endorsement | Iterable[LateAddition], language: str
) -> list[TouchedQuestion]:
    """What was added after the endorsement, or of the additions given, by question; no query."""
    additions = changed.additions if isinstance(changed, Endorsement) else tuple(changed)
    items = compiled_instrument(round_.instrument).items
    last = {row.question: row for row in additions if row.question}
    return [TouchedQuestion(q, items[q].code or q, items[q].ask.to(language), last[q]) for q in questions_of(additions)]


def endorsement_snapshot(response: Response) -> dict[str, Any] | None:
    """What a frozen version records of the endorsement."""
    endorsement = read_endorsement(response)
    if endorsement is None:
        return None
    meeting = Meeting.every.filter(pk=int(endorsement.data.get("meeting") or 0)).first()
    held = {"held_at": meeting.held_at, "number": meeting.number} if meeting else {}
    return {
        **held,
        "seq": endorsement.seq,
        "at": endorsement.at,
        "by": endorsement.by_id,
        "meeting": endorsement.data.get("meeting"),
        "late": list(endorsement.questions),
    }
