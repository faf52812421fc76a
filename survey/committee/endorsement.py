"""The committee's endorsement of an answer, and what was added to the answer after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from survey.instrument.queries import compiled_instrument
from survey.models import Event, Response, Round

# Verbs of what people add to an answer; the rest of the journal is about steps and words.
ADDITION_EVENTS = Q(verb__startswith="answer.") | Q(verb__startswith="evidence.") | Q(verb__startswith="external.")


@dataclass(frozen=True, slots=True)
class LateAddition:
    """An addition to the answer after the committee endorsed it."""

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
        return tuple(dict.fromkeys(row.question for row in self.additions if row.question))


def response_steps(response: Response) -> list[Event]:
    """The transition events of a response, newest first. One query."""
    rows = Event.objects.filter(response=response, verb__startswith="response.").select_related("by")
    return list(rows.order_by("-seq"))


def read_endorsement(response: Response, steps: Iterable[Event] | None = None) -> Endorsement | None:
    """The valid endorsement (not remanded later), or None. Two queries, one where there is none.

    `steps`: those of the response, where they are read already.
    """
    rows = Event.objects.filter(response=response)
    last_step = endorsing_step(response_steps(response) if steps is None else steps)
    if last_step is None:
        return None
    fields = ("at", "verb", "question__item_id", "by__first_name", "by__last_name", "by__email")
    added_since = rows.filter(ADDITION_EVENTS, seq__gt=last_step.seq).order_by("seq").values_list(*fields)
    late = tuple(
        LateAddition(at, f"{first} {last_name}".strip() or email or "", verb, question or "")
        for at, verb, question, first, last_name, email in added_since
    )
    return endorsement_of(last_step, late)


def endorsing_step(steps: Iterable[Event]) -> Event | None:
    """The event of the valid endorsement among the transition events of a response, newest first."""
    last_step = next((e for e in steps if e.verb in ("response.endorse", "response.remand")), None)
    return None if last_step is None or last_step.verb == "response.remand" else last_step


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


def touched_questions(round_: Round, endorsement: Endorsement, language: str) -> list[TouchedQuestion]:
    """What was added after the endorsement, by question; no query."""
    items = compiled_instrument(round_.instrument).items
    last = {row.question: row for row in endorsement.additions if row.question}
    return [TouchedQuestion(q, items[q].code or q, items[q].ask.to(language), last[q]) for q in endorsement.questions]


def endorsement_snapshot(response: Response) -> dict[str, Any] | None:
    """What a frozen version records of the endorsement."""
    endorsement = read_endorsement(response)
    if endorsement is None:
        return None
    return {
        "seq": endorsement.seq,
        "at": endorsement.at,
        "by": endorsement.by_id,
        "meeting": endorsement.data.get("meeting"),
        "late": list(endorsement.questions),
    }
