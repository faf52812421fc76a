"""Replaying scores from outside, against the rows and against the frozen text."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from scoring.engine.as_json import format_decimal
from scoring.models import ExternalScore
from survey.models import Event
from survey.verifying.replayer import Replayer, Row
from survey.verifying.report import JournalFault

FIELDS = ("score", "source", "dated")


class ExternalReplayer(Replayer):
    """Scores from outside of the provincial answer, by sub-pillar."""

    kind = "external"
    verbs = frozenset({"external.save", "external.remove"})

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Sets or removes the score of a sub-pillar."""
        key, after = event.data["sub_pillar"], event.data.get("after", {})
        stood = self.rows.pop(key, None)
        before = {name: stood.values[name] for name in FIELDS} if stood else {}
        if event.data.get("before", {}) != before:
            more = {"subject": key, "expected": before, "found": event.data.get("before")}
            yield self.scope.fault("event.before", seq=event.seq, **more)
        if after:
            values = {name: after[name] for name in FIELDS} | {"entered_by": event.by_id, "entered_at": event.at}
            self.rows[key] = Row(values, event.seq, subject=key)

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored scores by sub-pillar."""
        for row in ExternalScore.objects.filter(response_id=self.scope.response.pk):
            self.scope.saw_row(row.entered_at)
            values: dict[str, Any] = {"score": f"{row.score:f}", "source": row.source, "dated": row.dated.isoformat()}
            values |= {"entered_by": row.entered_by_id, "entered_at": row.entered_at}
            yield row.sub_pillar, Row(values, subject=row.sub_pillar)

    def compare(self) -> Iterator[JournalFault]:
        """The rows; then those of the valid frozen version."""
        yield from super().compare()
        if self.scope.frozen is None:
            return
        frozen = {one["sub_pillar"]: one for one in self.scope.frozen.get("external", [])}
        now = {
            row.sub_pillar: {
                "sub_pillar": row.sub_pillar,
                "score": format_decimal(row.score),
                "source": row.source,
                "dated": row.dated.isoformat(),
                "entered_by": row.entered_by_id,
            }
            for row in ExternalScore.objects.filter(response_id=self.scope.response.pk)
        }
        for key in dict.fromkeys([*frozen, *now]):
            if frozen.get(key) != now.get(key):
                pair: dict[str, Any] = {"expected": frozen.get(key), "found": now.get(key)}
                yield self.scope.fault("version.external", subject=key, **pair)
