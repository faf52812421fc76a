"""Replaying the right of reply from the account log: windows, objections with their files, decisions of the centre.

The log has told all three whole since there are any, so a row that it does not tell of is a fault.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from django.db.models import Prefetch

from accounts.models import AccountEvent
from nation.models import Objection, ObjectionDecision, ObjectionEvidence, ReplyWindow
from nation.replies.actions import decision_facts, objection_facts
from survey.verifying.log_replayer import LogReplayer
from survey.verifying.replayer import CHUNK_ROWS, Row

WINDOW, WRITE, FILE, WITHDRAW = "reply_window", "objection_write", "objection_file", "objection_withdraw"
DECIDE = "objection_decide"
State = Objection.State


class _ToldWhole(LogReplayer):
    """Base of these kinds: no row is older than what the log tells of it."""

    def is_untold(self, stored: Row) -> bool:
        """Never: an untold row was stored past the application."""
        return False


class ReplyWindowReplayer(_ToldWhole):
    """The days of a year's window, as they were last set; the key is the year."""

    kind = "reply_window"
    log_verbs = frozenset({WINDOW})

    def take_log(self, event: AccountEvent) -> None:
        """The days were set."""
        told = event.data["after"]
        days = {name: told[name] for name in ("opens_on", "closes_on")}
        values = {**days, "set_by": event.by_id, "set_at": event.at}
        self.rows[told["year"]] = Row(values, event.pk, subject=str(told["year"]))

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored windows. One query."""
        for row in ReplyWindow.objects.order_by("pk"):
            days = {"opens_on": row.opens_on.isoformat(), "closes_on": row.closes_on.isoformat()}
            values = {**days, "set_by": row.set_by_id, "set_at": row.set_at}
            yield row.year, Row(values, subject=str(row.year), pk=row.pk)


class ObjectionReplayer(_ToldWhole):
    """Objections: each writing tells all of one, with its files; filing, taking back and deciding move it on."""

    kind = "objection"
    log_verbs = frozenset({WRITE, FILE, WITHDRAW, DECIDE})

    def take_log(self, event: AccountEvent) -> None:
        """An objection as it was written, or its next step."""
        told = event.data["after"]
        key = told["objection"] if event.verb == DECIDE else told["id"]
        who = (event.by_id, event.at)
        if event.verb == WRITE:
            values = {**_values(told), "province": event.province_id, **_act("written", who), **_act("filed")}
            self.rows[key] = Row(values, event.pk, subject=_subject(told))
            return
        row = self.rows[key]
        row.seq = event.pk
        if event.verb == FILE:
            row.values |= {**_values(told), **_act("filed", who)}
        else:
            row.values["state"] = State.DECIDED if event.verb == DECIDE else State.WITHDRAWN

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored objections with their files. Two queries for each hundred."""
        files = Prefetch("evidence", ObjectionEvidence.objects.select_related("file").order_by("pk"))
        rows = Objection.objects.prefetch_related(files).order_by("pk")
        for row in rows.iterator(chunk_size=CHUNK_ROWS):
            facts = objection_facts(row)
            acts = _act("written", (row.written_by_id, row.written_at)) | _act("filed", (row.filed_by_id, row.filed_at))
            values = {**_values(facts), "province": row.province_id, **acts}
            yield row.pk, Row(values, subject=_subject(facts), pk=row.pk)


class DecisionReplayer(_ToldWhole):
    """Decisions of objections: each is told whole, once."""

    kind = "objection_decision"
    log_verbs = frozenset({DECIDE})

    def take_log(self, event: AccountEvent) -> None:
        """A decision."""
        told = event.data["after"]
        values = {**_values(told), "by": event.by_id, "at": event.at}
        self.rows[told["id"]] = Row(values, event.pk, subject=f"{told['objection']}/{told['number']}")

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored decisions. One query."""
        for row in ObjectionDecision.objects.order_by("pk").iterator(chunk_size=CHUNK_ROWS):
            values = {**_values(decision_facts(row)), "by": row.by_id, "at": row.at}
            yield row.pk, Row(values, subject=f"{row.objection_id}/{row.number}", pk=row.pk)


def _values(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name != "id"}


def _act(name: str, who: tuple[int | None, Any] = (None, None)) -> dict[str, Any]:
    """Who did it and when."""
    return {f"{name}_by": who[0], f"{name}_at": who[1]}


def _subject(facts: Mapping[str, Any]) -> str:
    return f"{facts['year']} {facts['code']}"


REPLY_KINDS = (ReplyWindowReplayer, ObjectionReplayer, DecisionReplayer)
