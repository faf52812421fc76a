"""Replaying the province's decisions on the agencies' answers, with their sources."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from survey.models import Consolidation, ConsolidationSource, Event
from survey.verifying.replayer import UNKNOWN, Replayer, Row
from survey.verifying.report import JournalFault


class ConsolidationReplayer(Replayer):
    """Decisions: the newest on each question. That of all agreed questions only counts the others."""

    kind = "consolidation"
    verbs = frozenset({"consolidation.save", "consolidation.agreed"})

    def take(self, event: Event) -> Iterator[JournalFault]:
        """The decision takes the place of an earlier one on its question."""
        if event.verb == "consolidation.save":
            data = event.data
            values = {
                "method": data.get("method"),
                "by": event.by_id,
                "at": event.at,
                "note": data.get("text", ""),
                "revision": data.get("revision", UNKNOWN),
                "choices": data.get("choices", UNKNOWN),
                "sources": _in_order(data.get("sources", [])),
            }
            self.rows[self.scope.told_question(event.question_id)] = Row(values, event.seq, event.question_id)
        yield from ()

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored decisions by question."""
        response = self.scope.response.pk
        sources: dict[int, list[dict[str, Any]]] = {}
        for source in ConsolidationSource.objects.filter(consolidation__response=response):
            values = {"contribution": source.contribution_id, "revision": source.revision}
            sources.setdefault(source.consolidation_id, []).append({**values, "addresses": source.addresses})
        for row in Consolidation.objects.filter(response=response).iterator():
            self.scope.saw_row(row.at)
            stored = {name: getattr(row, name) for name in ("method", "at", "note", "revision", "choices")}
            stored |= {"by": row.by_id, "sources": _in_order(sources.get(row.pk, []))}
            yield self.scope.stored_question(row.question_id), Row(stored, question=row.question_id)


def _in_order(sources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(sources, key=lambda one: int(one["contribution"]))
