"""Builds a compiled instrument from the data of its file, collecting every fault instead of the first. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from survey.instrument.conditions import Condition
from survey.instrument.definitions import texts_below, used_definitions
from survey.instrument.item_builder import ItemBuilder, ItemContext
from survey.instrument.mode_reader import read_answering_mode
from survey.instrument.node_reader import ID_PATTERN
from survey.instrument.proof.reader import ProofReader
from survey.instrument.schema import (
    RESPONDENTS,
    CompiledInstrument,
    ConsistencyCheck,
    Definition,
    Item,
    Pillar,
    Section,
    SkipRule,
    SubPillar,
)
from survey.instrument.source import Fault
from survey.instrument.tree import items_between
from survey.instrument.windows import NO_WINDOW, PERIOD_WINDOW, EvidenceWindow

DEFINITION_KEYS = ("key", "term", "text", "source", "words")


class InstrumentBuilder(ItemBuilder):
    """Builds an instrument; `faults` lists everything that is wrong, each with its line."""

    definitions: tuple[Definition, ...] = ()

    def build(self) -> CompiledInstrument:
        """Build the instrument; the result is unusable when `faults` is not empty."""
        data = self.data
        pillars = tuple(self.build_pillar(p) for p in self.read_nodes(data, "pillars", "instrument"))
        sub_pillars = {s.code: s for p in pillars for s in p.sub_pillars}
        scored_pillars = {p.number: p.scored for p in pillars}
        self.definitions = tuple(self.build_definition(n) for n in self.read_nodes(data, "definitions", "instrument"))
        section_nodes = self.read_nodes(data, "sections", "instrument")
        sections = tuple(self.build_section(node, sub_pillars, scored_pillars) for node in section_nodes)
        items = dict(sorted(self.items.items(), key=lambda pair: pair[1].order))
        period = data.get("period") or {}
        proofs, references = ProofReader(self, items).build()
        if data.get("windows", "per_item") != "per_item":
            self.add_fault(data, "instrument", "`windows` is per_item, or left out")
        return CompiledInstrument(
            key=str(data.get("instrument", "")),
            year=self.read_whole_number(data, "year", "instrument") or 0,
            version=self.read_whole_number(data, "version", "instrument") or 1,
            title=self.read_text(data, "title", "instrument"),
            period=(self.read_date(period, "from"), self.read_date(period, "to")),
            pillars=pillars,
            sections=sections,
            items=items,
            skips=self.build_skips(items),
            checks=tuple(self.build_check(c) for c in self.read_nodes(data, "checks", "instrument")),
            proofs=proofs,
            references=references,
            definitions=self.definitions,
            respondents=self.read_respondents(data),
            has_one_window="windows" not in data,
            answering=read_answering_mode(self, data),
        )

    def read_respondents(self, data: Mapping[str, Any]) -> str:
        """Who answers the form: provinces unless the file says departments."""
        respondents = data.get("respondents", RESPONDENTS[0])
        if respondents not in RESPONDENTS:
            self.add_fault(data, "instrument", "`respondents` is province or department")
            return RESPONDENTS[0]
        return str(respondents)

    def build_definition(self, node: Mapping[str, Any]) -> Definition:
        """A defined term of the head; its place on a page bears its key, so a key is given once."""
        key = str(node.get("key", ""))
        where = f"definition {key}"
        self.check_keys(node, DEFINITION_KEYS, where)
        if not ID_PATTERN.match(key):
            self.add_fault(node, where, f"key {key!r} is not a plain key")
        if where in self.lines:
            self.add_fault(node, where, f"key already used on line {self.lines[where]}")
        term = self.read_text(node, "term", where, needed=True)
        words = node.get("words", [term.th])
        if not isinstance(words, list) or not words or not all(isinstance(w, str) and w for w in words):
            self.add_fault(node, where, "`words` is a list of texts")
            words = []
        self.lines.setdefault(where, getattr(node, "line", 0))
        text, source = (self.read_text(node, name, where, needed=True) for name in ("text", "source"))
        return Definition(key, term, text, source, tuple(words))

    def build_pillar(self, node: Mapping[str, Any]) -> Pillar:
        number = str(node.get("number", ""))
        sub_pillars: list[SubPillar] = []
        for sub in self.read_nodes(node, "sub_pillars", f"pillar {number}"):
            sub_pillars.append(self.build_sub_pillar(sub, number, None))
            sub_pillars += [
                self.build_sub_pillar(p, number, sub_pillars[-1].code) for p in self.read_nodes(sub, "parts", number)
            ]
        return Pillar(
            number,
            self.read_text(node, "name", f"pillar {number}", needed=True),
            bool(node.get("scored", True)),
            tuple(sub_pillars),
        )

    def build_sub_pillar(self, node: Mapping[str, Any], pillar: str, parent: str | None) -> SubPillar:
        code = str(node.get("code", ""))
        where = f"sub-pillar {code}"
        return SubPillar(
            code,
            pillar,
            self.read_text(node, "name", where, needed=True),
            self.read_text(node, "about", where),
            parent,
            bool(node.get("external", False)),
        )

    def build_section(
        self, node: Mapping[str, Any], sub_pillars: Mapping[str, SubPillar], scored_pillars: Mapping[str, bool]
    ) -> Section:
        section_id = self.read_id(node, "section")
        sub_pillar = sub_pillars.get(str(node["sub_pillar"])) if node.get("sub_pillar") else None
        if node.get("sub_pillar") and sub_pillar is None:
            self.add_fault(node, section_id, f"unknown sub-pillar {node['sub_pillar']!r}")
        pillar = sub_pillar.pillar if sub_pillar else None
        scored = bool(node.get("scored", pillar is not None and scored_pillars.get(pillar, False)))
        window = self.read_window(node, section_id) or self.read_default_window()
        context = ItemContext(section_id, pillar, sub_pillar.code if sub_pillar else None, scored, window=window)
        items = tuple(self.build_item(i, context) for i in self.read_nodes(node, "items", section_id))
        title, about = self.read_text(node, "title", section_id, needed=True), self.read_text(node, "help", section_id)
        used = used_definitions(self.definitions, (title, about, *texts_below(items)))
        return Section(section_id, title, about, pillar, context.sub_pillar, items, used)

    def read_default_window(self) -> EvidenceWindow:
        """The window of what names none: none, or in a file without `windows` the period of the form everywhere."""
        return NO_WINDOW if "windows" in self.data else PERIOD_WINDOW

    def build_check(self, node: Mapping[str, Any]) -> ConsistencyCheck:
        check_id = self.read_id(node, "check")
        return ConsistencyCheck(
            check_id,
            str(node.get("at", "")),
            self.read_condition(node, "rule", f"check {check_id}") or Condition({"all": []}),
            self.read_text(node, "say", f"check {check_id}", needed=True),
        )

    def build_skips(self, items: Mapping[str, Item]) -> dict[str, tuple[SkipRule, ...]]:
        """Skip rules by the item they skip (only the topmost of the skipped items)."""
        skips: dict[str, tuple[SkipRule, ...]] = {}
        for source in items.values():
            for option in source.options:
                if option.skip_to is None:
                    continue
                target = items.get(option.skip_to)
                if target is None or target.order <= source.order:
                    line = self.lines[source.id]
                    message = f"skip_to {option.skip_to!r} is not a later item"
                    self.faults.append(Fault(line, f"{source.id}={option.key}", message))
                    continue
                for item in items_between(items, source, target):
                    skips[item.id] = (*skips.get(item.id, ()), SkipRule(source.id, option.key))
        return skips


def build_instrument(data: Mapping[str, Any]) -> CompiledInstrument:
    """Build the compiled instrument of checked data. Raises ValueError listing the faults of unchecked data."""
    builder = InstrumentBuilder(data)
    instrument = builder.build()
    if builder.faults:
        raise ValueError("; ".join(map(str, builder.faults)))
    return instrument
