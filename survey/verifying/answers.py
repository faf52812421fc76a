"""Replaying answers: value, “unsure”, note, revision, person and time."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from survey.journal.queries import ANSWER_VERBS
from survey.models import Answer, Event
from survey.verifying.replayer import CHUNK_ROWS, Replayer, Row
from survey.verifying.report import JournalFault

MARKS = ("unsure", "note")


class AnswerReplayer(Replayer):
    """Answers: each event is one revision of one answer."""

    kind = "answer"
    verbs = frozenset(f"{ANSWER_VERBS}{name}" for name in ("save", "clear", "restore", "move"))

    def take(self, event: Event) -> Iterator[JournalFault]:
        """Updates the replayed answer by this event."""
        blank: dict[str, Any] = {"value": {}, "unsure": False, "note": "", "revision": 0}
        row = self.rows.setdefault(self.scope.told_question(event.question_id), Row(blank, question=event.question_id))
        before, after = event.data.get("before", {}), event.data.get("after", {})
        value = row.values["value"]
        for address, old in before.items():
            if value.get(address) != old:
                more = {"field": address, "expected": value.get(address), "found": old}
                yield self.scope.fault("event.before", seq=event.seq, question=event.question_id, **more)
            value.pop(address, None)
        value.update(after)
        row.values |= {key: event.data[key][1] for key in MARKS if key in event.data}
        row.values |= {"revision": row.values["revision"] + 1, "saved_by": event.by_id, "saved_at": event.at}
        row.seq = event.seq

    def stored(self) -> Iterator[tuple[Hashable, Row]]:
        """The stored answers by question."""
        names = ("value", "unsure", "note", "revision", "saved_at")
        for answer in Answer.objects.filter(response_id=self.scope.response.pk).iterator(chunk_size=CHUNK_ROWS):
            self.scope.saw_row(answer.saved_at)
            values = {name: getattr(answer, name) for name in names} | {"saved_by": answer.saved_by_id}
            yield self.scope.stored_question(answer.question_id), Row(values, question=answer.question_id)

    def differences(self, told: Row, stored: Row) -> Iterator[JournalFault]:
        """As for every row; the value field by field."""
        said, found = told.values["value"], stored.values["value"]
        if told.values["saved_at"] != stored.values["saved_at"]:
            told.values["saved_at"] = told.values["saved_at"].isoformat()  # to the microsecond
            stored.values["saved_at"] = stored.values["saved_at"].isoformat()
        if not isinstance(found, dict):
            yield from super().differences(told, stored)
            return
        for address in dict.fromkeys([*said, *found]):
            if said.get(address) != found.get(address):
                more = {"field": address, "expected": said.get(address), "found": found.get(address)}
                yield self.scope.fault("answer.changed", seq=told.seq, question=stored.question, **more)
        rest = {name: value for name, value in told.values.items() if name != "value"}
        yield from super().differences(Row(rest, told.seq), stored)
