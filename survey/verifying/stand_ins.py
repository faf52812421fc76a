"""Replaying stand-ins of coordinators: who acts for whom, from and to which day, and whether it was ended."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date

from accounts.models import Membership
from survey.models import Event
from survey.verifying.replayer import Replayer, Row
from survey.verifying.report import JournalFault


class StandInReplayer(Replayer):
    """Stand-ins of an agency, as the journal of its contribution tells them."""

    kind = "stand_in"
    verbs = frozenset({"stand_in.name", "stand_in.end"})

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Names or ends one; older events do not say which role it is."""
        key = event.data.get("membership")
        if key is None:
            self.scope.unproved[self.kind] += 1
            return
        days = event.data.get("after", {})
        values = {
            name: date.fromisoformat(days[name]) if days.get(name) else None for name in ("valid_from", "valid_to")
        }
        values |= {"user": event.data.get("user"), "for": event.data.get("for")}
        ended = {"active": False} if event.verb == "stand_in.end" else {}
        self.rows[key] = Row(values | ended, event.seq, subject=str(event.data.get("text", key)))
        yield from ()

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored roles that the events name."""
        rows = Membership.objects.filter(pk__in=list(self.rows)).select_related("stands_in_for")
        for row in rows:
            coordinator = row.stands_in_for.user_id if row.stands_in_for else None
            values = {"valid_from": row.valid_from, "valid_to": row.valid_to, "user": row.user_id, "for": coordinator}
            yield row.pk, Row(values | {"active": row.active}, subject=self.rows[row.pk].subject)
