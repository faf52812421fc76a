"""Replaying releases from the account log: what was released, and whether the public sees it, against the rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from accounts.models import AccountEvent
from dgready.canonical import sha256_hex
from nation.models import Release
from nation.releases.actions import RELEASED, SHOWN, WITHDRAWN, release_facts
from nation.releases.queries import read_shown
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.replayer import Row


class ReleaseReplayer(LogReplayer):
    """Releases: the log tells each with the checksum of its content, which is computed again here."""

    kind = "release"
    log_verbs = frozenset({RELEASED, SHOWN, WITHDRAWN})

    def take_log(self, event: AccountEvent) -> None:
        """A new release, or one that is shown or withdrawn."""
        told = event.data["after"]
        key = told["id"]
        if event.verb == RELEASED:
            values = {name: value for name, value in told.items() if name != "id"}
            self.rows[key] = Row({**values, "by": event.by_id, "shown": False}, event.pk, subject=_subject(told))
            self.added.add(key)
        elif key in self.rows:
            self.rows[key].values["shown"] = event.verb == SHOWN

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored releases, one content at a time."""
        shown = read_shown()
        for row in Release.objects.order_by("pk").iterator(chunk_size=1):
            facts = release_facts(row)
            values = {name: value for name, value in facts.items() if name != "id"}
            values |= {"sha256": sha256_hex(row.content), "by": row.by_id, "shown": row.pk in shown}
            yield row.pk, Row(values, subject=_subject(facts), pk=row.pk)


def _subject(facts: dict[str, object]) -> str:
    return f"{facts['year']} {facts['version']}"


RELEASE_KINDS = (ReleaseReplayer,)
