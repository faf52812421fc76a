"""Reads of the decisions by which contributions became provincial answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.consolidating.merge import MergeChoices
from survey.instrument.queries import questions_by_item_id
from survey.models import Consolidation, Response


@dataclass(frozen=True, slots=True)
class DecisionSource:
    """A contribution that a decision read: its revision then, and what was taken from it."""

    contribution: int
    revision: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """The decision that stands: how, by whom, when, why, and from what."""

    method: str
    label: str
    by: str
    at: datetime
    note: str
    revision: int
    choices: MergeChoices
    sources: dict[int, DecisionSource]


def decision_records(response: Response) -> dict[str, DecisionRecord]:
    """The decisions that stand, by question. One query: a row for each source."""
    ids = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
    columns = ("question_id", "method", "at", "note", "revision", "choices")
    names = ("by__first_name", "by__last_name", "by__email")
    source = ("sources__contribution_id", "sources__revision", "sources__addresses")
    out: dict[str, DecisionRecord] = {}
    rows = Consolidation.objects.filter(response=response).order_by("pk", "sources__pk")
    for question, how, at, note, revision, choices, first, last, email, *read in rows.values_list(
        *columns, *names, *source
    ):
        if ids[question] not in out:
            who, label = f"{first} {last}".strip() or email, Consolidation.Method(how).label
            out[ids[question]] = DecisionRecord(how, str(label), who, at, note, revision, MergeChoices.of(choices), {})
        contribution, seen, addresses = read
        if contribution is not None:
            out[ids[question]].sources[contribution] = DecisionSource(contribution, seen, tuple(addresses))
    return out
