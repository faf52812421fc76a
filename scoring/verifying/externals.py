"""Replaying scores from outside, against the rows and against the frozen text."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from scoring.engine.queries import external_score_snapshot
from scoring.models import ExternalScore
from scoring.scheme.marked import OFFICIAL
from survey.models import Event
from survey.verifying.replayer import Replayer, Row
from survey.verifying.report import JournalFault

FIELDS = ("score", "source", "dated")
GIVEN = ("method", "department")  # told only where a department gave the score


class ExternalReplayer(Replayer):
    """Scores from outside of the provincial answer, by sub-pillar."""

    kind = "external"
    verbs = frozenset({"external.save", "external.remove"})

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Sets or removes the score of a sub-pillar."""
        key, after = event.data["sub_pillar"], event.data.get("after", {})
        stood = self.rows.pop(key, None)
        before = _as_told(stood.values) if stood else {}
        if event.data.get("before", {}) != before:
            more = {"subject": key, "expected": before, "found": event.data.get("before")}
            yield self.scope.fault("event.before", seq=event.seq, **more)
        if after:
            values = {name: after[name] for name in FIELDS} | {"origin": after.get("origin", OFFICIAL)}
            values |= {name: after.get(name, "") for name in GIVEN}
            values |= {"entered_by": event.by_id, "entered_at": event.at}
            self.rows[key] = Row(values, event.seq, subject=key)

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored scores by sub-pillar."""
        for row in ExternalScore.objects.filter(response_id=self.scope.response.pk).select_related("department"):
            self.scope.saw_row(row.entered_at)
            values: dict[str, Any] = {"score": f"{row.score:f}", "source": row.source, "dated": row.dated.isoformat()}
            values |= {"method": row.method, "department": row.department.code if row.department else ""}
            values |= {"origin": row.origin, "entered_by": row.entered_by_id, "entered_at": row.entered_at}
            yield row.sub_pillar, Row(values, subject=row.sub_pillar)

    def compare(self) -> Iterator[JournalFault]:
        """The rows; then those of the valid frozen version."""
        yield from super().compare()
        if self.scope.frozen is None:
            return
        frozen = {one["sub_pillar"]: one for one in self.scope.frozen.get("external", [])}
        rows = ExternalScore.objects.filter(response_id=self.scope.response.pk).select_related("department")
        now = {row.sub_pillar: external_score_snapshot(row) for row in rows}
        for key, one in frozen.items():
            if "from" not in one and key in now:  # frozen before scores had an origin
                del now[key]["from"]
        for key in dict.fromkeys([*frozen, *now]):
            if frozen.get(key) != now.get(key):
                pair: dict[str, Any] = {"expected": frozen.get(key), "found": now.get(key)}
                yield self.scope.fault("version.external", subject=key, **pair)


def _as_told(values: Mapping[str, Any]) -> dict[str, Any]:
    """A score as its events tell it: its origin only where that is not the usual one."""
    told = {name: values[name] for name in FIELDS} | {name: values[name] for name in GIVEN if values[name]}
    return told if values["origin"] == OFFICIAL else {**told, "origin": values["origin"]}
