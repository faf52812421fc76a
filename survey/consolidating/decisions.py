"""Stored consolidation decisions: how, by whom, when and from which contributions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.consolidating.merge_choices import MergeChoices
from survey.instrument.queries import questions_by_item_id
from survey.models import Consolidation, Response


@dataclass(frozen=True, slots=True)
class DecisionSource:
    """A contribution read for a decision: its revision then, and the addresses taken from it."""

    contribution: int
    revision: int
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A stored decision: method, person, time, note, choices and sources."""

    method: str
    label: str
    by: str
    at: datetime
    note: str
    revision: int
    choices: MergeChoices
    sources: dict[int, DecisionSource]


def decision_records(response: Response) -> dict[str, DecisionRecord]:
    """The stored decisions of a response by question. One query: a row for each source."""
    ids = {q.pk: q.item_id for q in questions_by_item_id(response.round.instrument).values()}
    columns = ("question_id", "method", "at", "note", "revision", "choices")
    names = ("by__first_name", "by__last_name", "by__email")
    source = ("sources__contribution_id", "sources__revision", "sources__addresses")
    decisions: dict[str, DecisionRecord] = {}
    rows = Consolidation.objects.filter(response=response).order_by("pk", "sources__pk")
    for question, method_code, decided_at, note, revision, choices, first, last, email, *read in rows.values_list(
        *columns, *names, *source
    ):
        if question not in ids:  # of an earlier version of the form
            continue
        if ids[question] not in decisions:
            who, label = f"{first} {last}".strip() or email, Consolidation.Method(method_code).label
            decisions[ids[question]] = DecisionRecord(
                method_code, str(label), who, decided_at, note, revision, MergeChoices.from_json(choices), {}
            )
        contribution, seen, addresses = read
        if contribution is not None:
            decisions[ids[question]].sources[contribution] = DecisionSource(contribution, seen, tuple(addresses))
    return decisions
