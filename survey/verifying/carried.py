"""Replaying what was carried from the year before: what was brought, taken, or set aside."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from survey.carrying.digest import carried_digest
from survey.models import Carried, Event
from survey.verifying.replayer import UNKNOWN, Replayer, Row
from survey.verifying.report import JournalFault


class CarriedReplayer(Replayer):
    """Answers of the year before, to be confirmed."""

    kind = "carried"
    verbs = frozenset({"carried.bring", "carried.take", "carried.leave"})

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Brings the answers of a list of questions, or settles one."""
        if event.verb == "carried.bring":
            digests = event.data.get("digests", {})
            for item in event.data.get("questions", []):
                blank = {"settled_at": None, "settled_by": None, "taken": False}
                values = {"content": digests.get(item, UNKNOWN), **blank}
                self.rows[item] = Row(values, event.seq, subject=item)
            return
        row = self.rows.get(self.scope.item_id(event.question_id))
        if row is None:
            yield self.scope.fault("carried.unknown", seq=event.seq, question=event.question_id)
            return
        taken = event.verb == "carried.take"
        row.values |= {"settled_at": event.at, "settled_by": event.by_id, "taken": taken}
        row.seq = event.seq

    def is_untold(self, stored: Row) -> bool:
        """In rounds from before openings told of the round."""
        return not self.scope.is_whole

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored carried answers by item id of their question."""
        for row in Carried.objects.filter(response_id=self.scope.response.pk).order_by("pk").iterator():
            if self.scope.item_id(row.question_id) in self.rows:
                self.scope.saw_row(row.settled_at)
            values = {
                "content": carried_digest(row),
                "settled_at": row.settled_at,
                "settled_by": row.settled_by_id,
                "taken": row.taken,
            }
            yield self.scope.item_id(row.question_id), Row(values, question=row.question_id)
