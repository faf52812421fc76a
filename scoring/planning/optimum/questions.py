"""Questions to ask before there is work: what a plan rests on and nobody answered yet. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from scoring.planning.optimum.plan_types import PlanAction
from scoring.planning.optimum.work import WorkPiece
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question of the form that a plan asks about: what is asked for under it, the effort of asking.

    `gain`: points of the total that the actions it belongs to bring, as far as they rest on answers alone; `criteria`:
    what these raise; `has_work`: whether work belongs to them too.
    """

    question: str
    code: str
    item: Item
    pieces: tuple[WorkPiece, ...]
    criteria: tuple[str, ...]
    gain: Decimal
    has_work: bool

    @property
    def effort(self) -> int:
        """The effort of asking it, with its proof."""
        return sum(p.effort for p in self.pieces)


def find_question(instrument: CompiledInstrument, key: str) -> Item | None:
    """The question of the form to which a piece of work belongs."""
    item = instrument.items.get(item_id_of(key.split("+", 1)[0]))
    return None if item is None else instrument.items.get(item.question or item.id, item)


def list_questions(instrument: CompiledInstrument, actions: Iterable[PlanAction]) -> tuple[OpenQuestion, ...]:
    """The questions of some actions, in the order of the form."""
    found: dict[str, list[tuple[WorkPiece, PlanAction]]] = {}
    for action in actions:
        for piece in action.questions:
            if (item := find_question(instrument, piece.key)) is not None:
                found.setdefault(item.id, []).append((piece, action))
    questions = []
    counted: set[str] = set()
    for ident, pairs in found.items():
        item = instrument.items[ident]
        criteria = tuple(dict.fromkeys(action.criterion for _piece, action in pairs))
        whole = {a.criterion: a for _piece, a in pairs if not a.works and a.criterion not in counted}
        counted.update(whole)
        gain = sum((a.gain for a in whole.values()), Decimal(0))
        has_work = any(action.works for _piece, action in pairs)
        pieces = tuple(piece for piece, _action in pairs)
        questions.append(OpenQuestion(ident, item.code or item.id, item, pieces, criteria, gain, has_work))
    order = {q.id: at for at, q in enumerate(instrument.questions)}
    return tuple(sorted(questions, key=lambda q: order.get(q.question, len(order))))
