"""Units of work: what makes one answer count, with the earlier answers that open it. PURE."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.engine.trace import TraceLeaf
from scoring.planning.optimum.answer_changes import ChangeFinder
from scoring.planning.optimum.piece_rules import PieceRules
from scoring.planning.optimum.work import WorkPiece, WorkUnit
from scoring.planning.what_if.changes import ScenarioChanges
from scoring.scheme.load_extensions import ASK_WORK, EVIDENCE_WORK, ITEM_WORK
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import LocalizedText


class WorkUnitBuilder:
    """Builds the units of work of one response. `efforts`: effort by kind of work; `rules`: what pieces are."""

    def __init__(
        self, change_finder: ChangeFinder, efforts: Mapping[str, int], rules: PieceRules | None = None
    ) -> None:
        self.change_finder = change_finder
        self.efforts = efforts
        self.rules = rules or PieceRules(change_finder.instrument, {})

    def build_leaf_unit(self, leaf: TraceLeaf, kind: str) -> WorkUnit:
        return self.build_unit(leaf, leaf.answer_address or leaf.address, kind, self.change_finder.count_leaf(leaf))

    def build_unit(
        self, leaf: TraceLeaf, key: str, kind: str, change: tuple[ScenarioChanges, frozenset[str]]
    ) -> WorkUnit:
        """Builds a unit: the work on the answer `key` itself, and on the earlier answers that open it."""
        changes, gates = change
        is_question = self.is_question(changes)
        pieces = self.list_opening_pieces(gates, key, is_question=is_question)
        address = key.split("=", 1)[0]
        is_answer_changed = any(a == address or a.startswith((f"{address}/", f"{address}#")) for a in changes.values)
        if "#" in address.rsplit("/", 1)[-1]:
            is_answer_changed |= address.rpartition("#")[0] in changes.values
        if is_answer_changed and leaf.state != "no_evidence":
            pieces.insert(0, self.make_piece(key, kind, leaf.label, is_question=is_question))
        elif leaf.state == "no_evidence" or changes.marked & set(leaf.evidence_places) or not pieces:
            # Answered before, on the path or not: what is missing is the evidence.
            pieces.insert(0, self.make_piece(key, EVIDENCE_WORK, leaf.label))
        return WorkUnit(tuple(pieces), (changes,))

    def make_piece(
        self, key: str, kind: str, label: LocalizedText, effort: int | None = None, *, is_question: bool = False
    ) -> WorkPiece:
        """A piece of work; a question to ask is a piece of another kind and effort."""
        if is_question:
            kind, effort = ASK_WORK, None
        return self.rules.make_piece(key, kind, self.efforts[kind] if effort is None else effort, label)

    def is_question(self, changes: ScenarioChanges) -> bool:
        """Whether nothing that it would change is answered yet: then nobody knows whether there is work to do."""
        stored = self.change_finder.values
        return self.rules.asks and bool(changes.values) and not any(address in stored for address in changes.values)

    def list_opening_pieces(
        self, gates: frozenset[str], key: str = "", *, is_question: bool = False
    ) -> list[WorkPiece]:
        """The pieces of the earlier answers on the way to `key`."""
        return [
            self.make_piece(g, ITEM_WORK, self.get_question_text(g), is_question=is_question)
            for g in sorted(gates)
            if g != key
        ]

    def get_question_text(self, address: str) -> LocalizedText:
        return self.change_finder.items[item_id_of(address)].ask
