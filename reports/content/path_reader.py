"""Reading the answers along the path for a report: what is asked, values in words, evidence of places. PURE."""

from __future__ import annotations

from collections.abc import Sequence

from dgready.thai import format_month
from reports.content.line_context import LineContext
from reports.content.structure import (
    EvidenceByAddress,
    LineState,
    PlaceEvidence,
)
from reports.content.wording import WORDING
from survey.instrument.addresses import cell_address, item_id_of, option_address
from survey.instrument.path import OffPathReason, QuestionnairePath
from survey.instrument.schema import AnswerValue, Item, Option, TableColumn
from survey.instrument.values import format_value


class PathReader:
    """Answers and evidence of a response, with the path that says what is asked."""

    def __init__(self, path: QuestionnairePath, evidence: EvidenceByAddress, language: str) -> None:
        self.path = path
        self.evidence = evidence
        self.language = language

    def text(self, key: str, **words: str) -> str:
        """A text of WORDING in the report's language."""
        return WORDING[key].to(self.language).format(**words)

    def context_of(self, item: Item, context: LineContext) -> LineContext:
        """The context of the item itself: closed with the reason where it is off the path."""
        if context.state != "answered" or context.prefix is None or self._is_open(item, context.prefix):
            return context
        return context.closed("off", self._reason(item))

    def _is_open(self, item: Item, prefix: str) -> bool:
        if item.when is None and item.id not in self.path.instrument.skips:
            return True
        if item.id not in self.path.on_items:
            return False
        if not prefix or item.id not in self.path.off:
            return True
        address = prefix + item.id
        below = (address, *(prefix + i.id for i in item.descendants()))
        cells = (cell_address(address, key, c.key) for key, _ in item.answer_rows for c in item.columns)
        return any(a in self.path.fields for a in (*below, *cells))

    def _reason(self, item: Item) -> str:
        items = self.path.instrument.items
        off = self.path.off.get(item.id, OffPathReason(item.id))
        if off.skip:
            source = items[off.skip.source]
            option = source.by_key[off.skip.option].title.to(self.language)
            return self.text("skip", code=self._name(source), option=option)
        addresses = item.when.addresses() if item.when else ()
        codes = dict.fromkeys(self._name(items[item_id_of(a)]) for a in addresses)
        return self.text("when", code=", ".join(codes))

    def _name(self, item: Item) -> str:
        return item.code or item.ask.to(self.language)

    def value(self, address: str | None, context: LineContext) -> AnswerValue | None:
        """The value at an address, None where nothing is asked or answered."""
        if address is None or context.state != "answered":
            return None
        return self.path.values.get(address)

    def empty_text(self, required: bool) -> str:
        """The words for a missing answer."""
        return self.text("unanswered" if required else "optional")

    def answer(self, owner: Item | TableColumn, value: AnswerValue | None, required: bool) -> tuple[LineState, str]:
        """The state of a field and its value in words."""
        if value is None:
            return "unanswered", self.empty_text(required)
        if owner.kind == "month_year" and isinstance(value, str):
            return "answered", format_month(int(value[:4]), int(value[5:]), self.language)
        text = format_value(owner, value, self.language)
        unit = owner.unit.to(self.language) if isinstance(owner, Item) and owner.unit else ""
        return "answered", f"{text} {unit}".strip()

    def picked_labels(self, owner: Item | TableColumn, value: AnswerValue | None) -> tuple[str, ...]:
        """The labels of the picked options of a multiple choice."""
        if owner.kind != "multi" or not isinstance(value, list):
            return ()
        return tuple(owner.by_key[k].title.to(self.language) if k in owner.by_key else k for k in value)

    def places(self, address: str | None, options: Sequence[Option]) -> tuple[PlaceEvidence, ...]:
        """The open evidence places of a field: its own, then those of its picked options."""
        places = [(address, "")] if address else []
        places += [(option_address(address, o.key), o.title.to(self.language)) for o in options if address]
        return tuple(
            PlaceEvidence(a, label, tuple(self.evidence.get(a, ())), self._has_url_answer(a))
            for a, label in places
            if a in self.path.places
        )

    def _has_url_answer(self, address: str) -> bool:
        url = self.path.places[address].url
        return url is not None and url in self.path.values
