"""Replaying the agencies' parts: who has what by which terms, and what became of it.

The terms of a part are events of the provincial answer, its steps are events of the agency's. They are replayed
together in the order in which they were written.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from datetime import date
from typing import Any

from accounts.models import AccountEvent
from survey.models import Assignment, Event
from survey.verifying.replayer import Replayer, Row
from survey.verifying.report import JournalFault

STEP_VERBS = frozenset(
    f"part.{name}" for name in ("submit", "nothing", "withdraw", "accept", "return", "decline", "reopen")
)
TERM_VERBS = frozenset(f"assignment.{name}" for name in ("add", "change", "remove", "import", "reassign"))
ESCALATION_VERB = "part.escalate"
CHUNK_ROWS = 500
Key = tuple[str, str]  # agency and part

NEW_PART: dict[str, Any] = {
    "state": Assignment.State.OPEN.value,
    "state_at": None,
    "state_by": None,
    "state_note": "",
    "returned_with": 0,
    "nothing_reason": "",
    "evidence_reasons": {},
    "escalated_at": None,
    "suggested": None,
}


class PartReplayer(Replayer):
    """Parts of a round, compared once with the provincial answer."""

    kind = "part"
    verbs = STEP_VERBS | TERM_VERBS | {ESCALATION_VERB}

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Nothing yet: events of several responses are replayed together in `compare`."""
        yield from ()

    def compare(self) -> Iterator[JournalFault]:
        """Replays the events of all responses of the round, then compares."""
        if not self.scope.response.is_provincial:
            return
        self._renames = list(self._read_renames())
        self._stored = list(self._read_parts())
        self._parts_by_pk = {pk: key for pk, key, _row in self._stored}
        events = Event.objects.filter(response__round_id=self.scope.response.round_id, verb__in=self.verbs)
        columns = ("verb", "data", "at", "by_id", "seq", "response_id", "response__agency__code")
        for verb, data, *where in events.order_by("pk").values_list(*columns).iterator(chunk_size=CHUNK_ROWS):
            try:
                yield from self._replay(verb, data, *where)
            except (KeyError, TypeError, ValueError, AttributeError):  # as in ResponseReplay
                yield self.scope.fault("event.data", seq=where[2], response=where[3], found=verb)
        yield from super().compare()

    def _replay(
        self, verb: str, data: Mapping[str, Any], at: Any, by: int | None, seq: int, response: int, agency: str | None
    ) -> Iterator[JournalFault]:
        if verb in TERM_VERBS:
            self._replay_terms(verb, data, at, by, seq)
        elif verb == ESCALATION_VERB:
            escalated = self._code(data.get("agency"), at)
            for pk in data.get("assignments", ()):
                if row := self.rows.get((escalated, self._parts_by_pk.get(pk, ("", ""))[1])):
                    row.values["escalated_at"], row.seq = at, seq
        else:
            key = (agency, data.get("part"))
            row = self.rows.get(key)
            if row is None and self.scope.opening:
                yield self.scope.fault(
                    "part.unknown", seq=seq, response=response, subject=f"{agency} {data.get('part')}"
                )
                return
            if row is None:  # older than the events of its terms
                row = self.rows[key] = Row(dict(NEW_PART), subject=f"{agency} {data.get('part')}")
                row.values["state"] = data.get("from")
            if data.get("from") != row.values["state"]:
                more = {"field": "state", "expected": row.values["state"], "found": data.get("from")}
                yield self.scope.fault("event.before", seq=seq, response=response, subject=row.subject, **more)
            row.values |= _state_after(verb.removeprefix("part."), data, row.values) | {"state_at": at, "state_by": by}
            row.values["suggested"] = self._code(row.values["suggested"], at)
            row.seq, row.response = seq, response

    def _replay_terms(self, verb: str, data: Mapping[str, Any], at: Any, by: int | None, seq: int) -> None:
        if verb == "assignment.reassign":
            self._reassign(data, at, by, seq)
            return
        if verb == "assignment.import":
            pairs = list(zip(data.get("replaced", []), data.get("change", []), strict=False))
            added, removed = data.get("add", []), data.get("remove", [])
        else:
            change = verb == "assignment.change"
            pairs = [(data["before"], data["after"])] if change else []
            added = data.get("after", []) if verb == "assignment.add" else []
            removed = [data["before"]] if verb == "assignment.remove" else []
        for entry in removed:
            self.rows.pop(self._key(entry, at), None)
        for before, after in pairs:
            kept = self.rows.pop(self._key(before, at), None)
            state = kept.values if kept else NEW_PART
            self._put(after, at, seq, state)
        for entry in added:
            self._put(entry, at, seq, NEW_PART)

    def _put(self, entry: Mapping[str, Any], at: Any, seq: int, state: Mapping[str, Any]) -> None:
        terms = {
            "role": entry["role"],
            "if_any": bool(entry.get("if_any")),
            "due": date.fromisoformat(entry["due"]) if entry.get("due") else None,
            "note": entry.get("note", ""),
        }
        key = self._key(entry, at)
        self.rows[key] = Row({**state, **terms}, seq, subject=" ".join(key))

    def _reassign(self, data: Mapping[str, Any], at: Any, by: int | None, seq: int) -> None:
        """Parts that another agency gets start anew; of what it has already, the other's goes."""
        for entry in data["before"]:
            self.rows.pop(self._key(entry, at), None)
            moved = {**entry, "agency": data["to"]}
            if self._key(moved, at) not in self.rows:
                self._put(moved, at, seq, {**NEW_PART, "state_at": at, "state_by": by})

    def _read_renames(self) -> Iterator[tuple[Any, str, str]]:
        """When which code of an agency became which, oldest first: events name agencies by their code of the day."""
        events = AccountEvent.objects.filter(verb="change_agency", province=self.scope.response.round.province_id)
        for at, data in events.order_by("pk").values_list("at", "data"):
            before, after = (data.get(side) or {} for side in ("before", "after"))
            if "code" in before and before["code"] != after.get("code"):
                yield at, before["code"], after["code"]

    def _code(self, code: str | None, at: Any) -> str | None:
        """The code that an agency has now, of which an event of that moment gives the code."""
        for moment, before, after in self._renames:
            if moment > at and code == before:
                code = after
        return code

    def _key(self, entry: Mapping[str, Any], at: Any) -> Key:
        return str(self._code(entry["agency"], at)), entry["part"]

    def _read_parts(self) -> Iterator[tuple[int, Key, Row]]:
        rows = Assignment.objects.filter(round_id=self.scope.response.round_id).order_by("pk")
        for part in rows.select_related("agency", "suggested").iterator(chunk_size=CHUNK_ROWS):
            target = part.item_id or self.scope.item_id(part.question_id)
            key = part.sub_pillar_id
            sub_pillar = "" if key is None else self.scope.sub_pillars.get(key, f"#{key}")
            name = " + ".join(filter(None, (target, sub_pillar)))  # a part is of one of them only
            values = {name: getattr(part, name) for name in (*NEW_PART, "role", "if_any", "due", "note")}
            values |= {"suggested": part.suggested.code if part.suggested else None, "state_by": part.state_by_id}
            place = (part.agency.code, name)
            yield part.pk, place, Row(values, question=part.question_id, subject=" ".join(place))

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored parts by agency and part."""
        yield from ((key, row) for _pk, key, row in self._stored)

    def is_untold(self, stored: Row) -> bool:
        """In rounds from before openings told of the round."""
        return not self.scope.is_whole


def _state_after(name: str, data: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """The columns after a step, as survey.contributing.actions writes them."""
    reason = data.get("reason", "")
    after = {"state": data.get("to"), "state_note": "", "returned_with": data.get("shared", 0)}
    after["suggested"] = data.get("suggested")
    if name == "nothing":
        return after | {"nothing_reason": reason, "evidence_reasons": {}}
    if name == "accept":
        return after
    reasons = data.get("evidence", {}) if name == "submit" else before["evidence_reasons"]
    return after | {"state_note": reason, "nothing_reason": "", "evidence_reasons": reasons}
