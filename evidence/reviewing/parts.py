"""The parts of agencies that cover an evidence place: what is handed in lies with the reviewer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from survey.assigning.queries import ANSWERING_ROLES, OPEN_STATES, assignment_target
from survey.assigning.targets import covered_items, covered_questions
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Round

HANDED_IN: Final = (Assignment.State.SUBMITTED, Assignment.State.ACCEPTED)


class CoveringParts:
    """The parts that agencies answer in a round, by what they cover."""

    def __init__(self, round_: Round, parts: Iterable[Assignment]) -> None:
        compiled = compiled_instrument(round_.instrument)
        self._parts: dict[tuple[int, str], list[tuple[Assignment, frozenset[str]]]] = {}
        for part in parts:
            target = assignment_target(round_.instrument, part)
            for question in covered_questions(compiled, target):
                items = frozenset(covered_items(compiled, target, question))
                self._parts.setdefault((part.agency_id, question), []).append((part, items))

    def covering(self, agency: int, question: str, address: str) -> list[Assignment]:
        """The agency's parts that cover an evidence place."""
        item = item_id_of(address)
        return [part for part, items in self._parts.get((agency, question), ()) if item in items]

    def is_handed_in(self, agency: int, question: str, address: str) -> bool:
        """Whether the evidence there is handed in or accepted, and the agency cannot change it any more."""
        states = {part.state for part in self.covering(agency, question, address)}
        return bool(states.intersection(HANDED_IN)) and not states.intersection(OPEN_STATES)


def read_parts(round_: Round, agency: int | None = None) -> CoveringParts:
    """The parts of a round, or of one agency in it. One query."""
    rows = Assignment.objects.filter(round=round_, role__in=ANSWERING_ROLES)
    return CoveringParts(round_, rows if agency is None else rows.filter(agency=agency))
