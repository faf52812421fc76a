"""Units of work: what makes one answer count, with the earlier answers that open it. PURE."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.engine.trace import TraceLeaf
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.work import WorkPiece, WorkUnit
from scoring.planning.what_if.changes import ScenarioChanges
from scoring.scheme.load_extensions import EVIDENCE_WORK, ITEM_WORK
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import LocalizedText


class WorkUnitBuilder:
    """Builds the units of work of one response. `efforts`: effort by kind of work."""

    def __init__(self, change_finder: ChangeFinder, efforts: Mapping[str, int]) -> None:
        self.change_finder = change_finder
        self.efforts = efforts

    def build_leaf_unit(self, leaf: TraceLeaf, kind: str) -> WorkUnit:
        return self.build_unit(leaf, leaf.answer_address or leaf.address, kind, self.change_finder.count_leaf(leaf))

    def build_unit(
        self, leaf: TraceLeaf, key: str, kind: str, change: tuple[ScenarioChanges, frozenset[str]]
    ) -> WorkUnit:
        """Builds a unit: the work on the answer `key` itself, and on the earlier answers that open it."""
        changes, gates = change
        pieces = self.list_opening_pieces(gates, key)
        address = key.split("=", 1)[0]
        is_answer_changed = any(a == address or a.startswith((f"{address}/", f"{address}#")) for a in changes.values)
        if "#" in address.rsplit("/", 1)[-1]:
            is_answer_changed |= address.rpartition("#")[0] in changes.values
        if is_answer_changed and leaf.state != "no_evidence":
            pieces.insert(0, WorkPiece(key, kind, self.efforts[kind], leaf.label))
        elif leaf.state == "no_evidence" or changes.marked & set(leaf.evidence_places) or not pieces:
            # Answered before, on the path or not: what is missing is the evidence.
            pieces.insert(0, WorkPiece(key, EVIDENCE_WORK, self.efforts[EVIDENCE_WORK], leaf.label))
        return WorkUnit(tuple(pieces), (changes,))

    def list_opening_pieces(self, gates: frozenset[str], key: str = "") -> list[WorkPiece]:
        """The pieces of the earlier answers on the way to `key`."""
        return [
            WorkPiece(g, ITEM_WORK, self.efforts[ITEM_WORK], self.get_question_text(g))
            for g in sorted(gates)
            if g != key
        ]

    def get_question_text(self, address: str) -> LocalizedText:
        return self.change_finder.items[item_id_of(address)].ask
