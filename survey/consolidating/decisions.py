"""Reads of the decisions by which contributions became provincial answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.consolidating.merge import Choices
from survey.instrument.queries import questions_of
from survey.models import Consolidation, Response


@dataclass(frozen=True, slots=True)
class Source:
    """A contribution that a decision read: its revision then, and what was taken from it."""

    contribution: int
    revision: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The decision that stands: how, by whom, when, why, and from what."""

    method: str
    label: str
    by: str
    at: datetime
    note: str
    revision: int
    choices: Choices
    sources: dict[int, Source]


def records(response: Response) -> dict[str, Record]:
    """The decisions that stand, by question. One query: a row for each source."""
    ids = {q.pk: q.item_id for q in questions_of(response.round.instrument).values()}
    columns = ("question_id", "method", "at", "note", "revision", "choices")
    names = ("by__first_name", "by__last_name", "by__email")
    source = ("sources__contribution_id", "sources__revision", "sources__addresses")
    out: dict[str, Record] = {}
    rows = Consolidation.objects.filter(response=response).order_by("pk", "sources__pk")
    for question, how, at, note, revision, choices, first, last, email, *read in rows.values_list(
        *columns, *names, *source
    ):
        if ids[question] not in out:
            who, label = f"{first} {last}".strip() or email, Consolidation.Method(how).label
            out[ids[question]] = Record(how, str(label), who, at, note, revision, Choices.of(choices), {})
        contribution, seen, addresses = read
        if contribution is not None:
            out[ids[question]].sources[contribution] = Source(contribution, seen, tuple(addresses))
    return out
