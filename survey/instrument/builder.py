"""From a reviewed file to a frozen Instrument, collecting every fault on the way instead of the first. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, get_args

from survey.instrument import conditions as rules
from survey.instrument.schema import (
    CompiledInstrument,
    ConsistencyCheck,
    EvidenceRequirement,
    Item,
    ItemKind,
    LocalizedText,
    Option,
    Pillar,
    Section,
    SkipRule,
    SubPillar,
    TableColumn,
    TableRow,
)
from survey.instrument.source import Fault
from survey.instrument.tree import items_between

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
KINDS = frozenset(get_args(ItemKind))
CELL_KINDS = frozenset({"single", "multi", "text", "number", "url"})
ITEM_EVIDENCE = {"single": {"none"}, "multi": {"none", "each"}, "group": {"none"}, "table": {"none"}}
ITEM_KEYS = frozenset(
    "id code kind ask help required scored evidence options answers rows columns items min max "
    "integer unit format when card".split()
)
OPTION_KEYS = frozenset("key label help evidence then skip_to exclusive".split())


@dataclass(frozen=True, slots=True)
class _ItemContext:
    """Where in the tree an item is being built."""

    section: str
    pillar: str | None
    sub_pillar: str | None
    scored: bool
    parent: str | None = None
    opened_by: str | None = None
    question: str | None = None
    repeat: str | None = None


class InstrumentBuilder:
    """Builds the tree; `faults` lists everything that is wrong, each with its line."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.faults: list[Fault] = []
        self.items: dict[str, Item] = {}
        self.lines: dict[str, int] = {}
        self.count = 0
        self.answers: Mapping[str, Any] = data.get("answers") or {}

    def fault(self, node: Any, where: str, message: str) -> None:
        """Notes a fault at a node."""
        self.faults.append(Fault(getattr(node, "line", 0), where, message))

    def build(self) -> CompiledInstrument:
        """The instrument; meaningless when `faults` is not empty."""
        data = self.data
        pillars = tuple(self.pillar(p) for p in self.nodes(data, "pillars", "instrument"))
        by_code = {s.code: s for p in pillars for s in p.sub_pillars}
        scored = {p.number: p.scored for p in pillars}
        sections = tuple(self.section(s, by_code, scored) for s in self.nodes(data, "sections", "instrument"))
        items = dict(sorted(self.items.items(), key=lambda pair: pair[1].order))
        period = data.get("period") or {}
        return CompiledInstrument(
            key=str(data.get("instrument", "")),
            year=self.whole(data, "year", "instrument") or 0,
            version=self.whole(data, "version", "instrument") or 1,
            title=self.text(data, "title", "instrument"),
            period=(self.day(period, "from"), self.day(period, "to")),
            pillars=pillars,
            sections=sections,
            items=items,
            skips=self.skips(items),
            checks=tuple(self.check(c) for c in self.nodes(data, "checks", "instrument")),
        )

    # -- parts of the head ------------------------------------------------------------------

    def pillar(self, node: Mapping[str, Any]) -> Pillar:
        number = str(node.get("number", ""))
        subs: list[SubPillar] = []
        for sub in self.nodes(node, "sub_pillars", f"pillar {number}"):
            subs.append(self.sub_pillar(sub, number, None))
            subs += [self.sub_pillar(p, number, subs[-1].code) for p in self.nodes(sub, "parts", number)]
        return Pillar(
            number,
            self.text(node, "name", f"pillar {number}", needed=True),
            bool(node.get("scored", True)),
            tuple(subs),
        )

    def sub_pillar(self, node: Mapping[str, Any], pillar: str, parent: str | None) -> SubPillar:
        code = str(node.get("code", ""))
        where = f"sub-pillar {code}"
        return SubPillar(
            code,
            pillar,
            self.text(node, "name", where, needed=True),
            self.text(node, "about", where),
            parent,
            bool(node.get("external", False)),
        )

    def section(self, node: Mapping[str, Any], subs: Mapping[str, SubPillar], scored: Mapping[str, bool]) -> Section:
        ident = self.ident(node, "section")
        sub = subs.get(str(node["sub_pillar"])) if node.get("sub_pillar") else None
        if node.get("sub_pillar") and sub is None:
            self.fault(node, ident, f"unknown sub-pillar {node['sub_pillar']!r}")
        pillar = sub.pillar if sub else None
        counts = bool(node.get("scored", pillar is not None and scored.get(pillar, False)))
        place = _ItemContext(ident, pillar, sub.code if sub else None, counts)
        items = tuple(self.item(i, place) for i in self.nodes(node, "items", ident))
        title = self.text(node, "title", ident, needed=True)
        return Section(ident, title, self.text(node, "help", ident), pillar, place.sub_pillar, items)

    def check(self, node: Mapping[str, Any]) -> ConsistencyCheck:
        ident = self.ident(node, "check")
        return ConsistencyCheck(
            ident,
            str(node.get("at", "")),
            self.rule(node, "rule", f"check {ident}") or rules.Condition({"all": []}),
            self.text(node, "say", f"check {ident}", needed=True),
        )

    # -- items ------------------------------------------------------------------------------

    def item(self, node: Mapping[str, Any], place: _ItemContext) -> Item:
        ident, kind = self.ident(node, "item"), str(node.get("kind", ""))
        self.known(node, ITEM_KEYS, ident)
        if kind not in KINDS:
            self.fault(node, ident, f"unknown kind {kind!r}")
        if ident in self.lines:
            self.fault(node, ident, f"id already used on line {self.lines[ident]}")
        self.lines[ident] = getattr(node, "line", 0)
        order, self.count = self.count, self.count + 1
        owns = kind != "group" or bool(node.get("card"))
        question = place.question or (ident if owns else None)
        scored = bool(node.get("scored", place.scored))
        here = replace(place, parent=ident, scored=scored, question=question, opened_by=None)
        if kind == "repeat":
            here = replace(here, repeat=ident)
        item = Item(
            id=ident,
            code=self.code(node, ident),
            kind=kind,  # type: ignore[arg-type]  # checked above
            ask=self.text(node, "ask", ident, needed=True),
            help=self.text(node, "help", ident),
            section=place.section,
            pillar=place.pillar,
            sub_pillar=place.sub_pillar,
            parent=place.parent,
            opened_by=place.opened_by,
            question=question,
            repeat=place.repeat,
            required=bool(node.get("required", kind != "group")),
            scored=scored,
            order=order,
            when=self.rule(node, "when", ident),
            **self.content(node, kind, ident, here),
        )
        self.items.setdefault(ident, item)
        self.fits(node, item)
        return item

    def content(self, node: Mapping[str, Any], kind: str, ident: str, here: _ItemContext) -> dict[str, Any]:
        """What an item is made of: options, rows, columns, items, and the limits of its values."""
        low, high = self.limits(node, kind, ident)
        return {
            "evidence": self.evidence(node, kind, ident),
            "options": self.options(node, ident, here, each=node.get("evidence") == "each"),
            "rows": tuple(self.row(r, ident, here) for r in self.table_rows(node, kind)),
            "columns": tuple(self.column(c, ident) for c in self.nodes(node, "columns", ident)),
            "items": self.always_open(node, kind, ident, here),
            "min_rows": low if kind == "repeat" else None,
            "max_rows": high if kind == "repeat" else None,
            "minimum": None if node.get("min") is None else str(node["min"]),
            "maximum": None if node.get("max") is None else str(node["max"]),
            "integer": bool(node.get("integer", True)),
            "unit": self.text(node, "unit", ident),
            "format": node.get("format"),
        }

    def always_open(self, node: Mapping[str, Any], kind: str, ident: str, here: _ItemContext) -> tuple[Item, ...]:
        # Items under a repeat belong to its rows, those under a group with `card` to its answer; items under
        # anything else follow it as questions of their own, unless they stand inside an opened part.
        inside = here.repeat is not None or here.question not in (None, ident)
        stored_here = kind == "repeat" or bool(node.get("card")) or inside
        place = here if stored_here else replace(here, question=None)
        return tuple(self.item(i, place) for i in self.nodes(node, "items", ident))

    def options(
        self, node: Mapping[str, Any], ident: str, place: _ItemContext | None, *, each: bool = False
    ) -> tuple[Option, ...]:
        given = node.get("options")
        if name := node.get("answers"):
            given = self.answers.get(name)
            if given is None:
                self.fault(node, ident, f"unknown answer set {name!r}")
        out: list[Option] = []
        for raw in given or []:
            if not isinstance(raw, dict):
                self.fault(node, ident, f"an option is a mapping, found {raw!r}")
                continue
            self.known(raw, OPTION_KEYS, f"{ident}={raw.get('key')}")
            out.append(self.option(raw, ident, place, each=each))
        return tuple(out)

    def option(self, raw: Mapping[str, Any], ident: str, place: _ItemContext | None, *, each: bool) -> Option:
        key = str(raw.get("key", ""))
        where = f"{ident}={key}"
        if not ID_PATTERN.match(key):
            self.fault(raw, where, f"option key {key!r} is not a plain key")
        evidence: EvidenceRequirement = raw.get("evidence", "required" if each else "none")
        if evidence not in ("none", "required", "or_url"):
            self.fault(raw, where, f"unknown evidence {evidence!r}")
        nodes = self.nodes(raw, "then", where)
        if nodes and place is None:
            self.fault(raw, where, "a cell's option opens items through the row's `then`")
        then = tuple(self.item(i, replace(place, opened_by=where)) for i in nodes) if place else ()
        if evidence == "or_url" and not any(i.kind == "url" for i in then):
            self.fault(raw, where, "evidence or_url needs a url item among the option's `then`")
        return Option(
            key,
            self.text(raw, "label", where, needed=True),
            self.text(raw, "help", where),
            evidence,
            then,
            raw.get("skip_to"),
            bool(raw.get("exclusive", False)),
        )

    def row(self, node: Mapping[str, Any], ident: str, place: _ItemContext) -> TableRow:
        if "heading" in node:
            return TableRow(None, self.text(node, "heading", ident, needed=True))
        key = str(node.get("key", ""))
        where = f"{ident}/{key}"
        if not ID_PATTERN.match(key):
            self.fault(node, where, f"row key {key!r} is not a plain key")
        then: dict[str, tuple[Item, ...]] = {}
        for target, items in (node.get("then") or {}).items():
            if "=" not in target:
                self.fault(node, where, f"`then` of a row is keyed column=option, found {target!r}")
            opened = replace(place, opened_by=f"{where}/{target}")
            then[str(target)] = tuple(self.item(i, opened) for i in items or [])
        return TableRow(key, self.text(node, "label", where, needed=True), self.text(node, "help", where), then)

    def column(self, node: Mapping[str, Any], ident: str) -> TableColumn:
        key, kind = str(node.get("key", "")), str(node.get("kind", "single"))
        where = f"{ident}/*/{key}"
        if kind not in CELL_KINDS:
            self.fault(node, where, f"a cell cannot be {kind!r}")
        return TableColumn(
            key,
            self.text(node, "label", where, needed=True),
            kind,  # type: ignore[arg-type]  # checked above
            self.options(node, where, None, each=node.get("evidence") == "each"),
            node.get("evidence", "none"),
            bool(node.get("required", True)),
            node.get("when"),
        )

    # -- small readers ----------------------------------------------------------------------

    def nodes(self, node: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        value = node.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.fault(node, where, f"`{key}` is a list of mappings")
            return []
        return value

    def table_rows(self, node: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
        return self.nodes(node, "rows", str(node.get("id"))) if kind == "table" else []

    def limits(self, node: Mapping[str, Any], kind: str, ident: str) -> tuple[int, int]:
        rows = node.get("rows")
        if kind != "repeat":
            return 0, 0
        if not isinstance(rows, dict) or not all(isinstance(rows.get(k), int) for k in ("min", "max")):
            self.fault(node, ident, "a repeat needs rows: {min: …, max: …}")
            return 0, 0
        if not 0 <= rows["min"] <= rows["max"] or rows["max"] < 1:
            self.fault(node, ident, "rows: min ≤ max, max ≥ 1")
        return rows["min"], rows["max"]

    def evidence(self, node: Mapping[str, Any], kind: str, ident: str) -> EvidenceRequirement:
        value = node.get("evidence", "none")
        if value not in ITEM_EVIDENCE.get(kind, {"none", "required"}):
            self.fault(node, ident, f"evidence {value!r} does not go with kind {kind!r}")
        return value  # type: ignore[no-any-return]  # checked above

    def fits(self, node: Mapping[str, Any], item: Item) -> None:
        needs = {"single": "options", "multi": "options", "table": "columns", "repeat": "items"}.get(item.kind)
        if needs and not getattr(item, needs):
            self.fault(node, item.id, f"kind {item.kind!r} needs {needs}")
        if item.kind == "table" and not item.answer_rows:
            self.fault(node, item.id, "a table needs rows")
        if item.options and item.kind not in ("single", "multi"):
            self.fault(node, item.id, f"kind {item.kind!r} has no options")
        for what, keys in (
            ("option", [o.key for o in item.options]),
            ("row", [k for k, _ in item.answer_rows]),
            ("column", [c.key for c in item.columns]),
        ):
            for key in sorted({k for k in keys if keys.count(k) > 1}):
                self.fault(node, item.id, f"{what} {key!r} is given twice")

    def code(self, node: Mapping[str, Any], ident: str) -> str | None:
        return ident if "code" not in node else None if node["code"] is None else str(node["code"])

    def ident(self, node: Mapping[str, Any], what: str) -> str:
        value = str(node.get("id", ""))
        if not ID_PATTERN.match(value):
            self.fault(node, what, f"id {value!r} is not a plain id")
        return value

    def text(self, node: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> LocalizedText:
        value = node.get(key)
        if isinstance(value, dict) and value.get("th"):
            return LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
        if needed or value is not None:
            self.fault(node, where, f"`{key}` needs {{th: …, en: …}}")
        return LocalizedText()

    def rule(self, node: Mapping[str, Any], key: str, where: str) -> rules.Condition | None:
        tree = node.get(key)
        if tree is None:
            return None
        wrong = list(rules.condition_faults(tree))
        for message in wrong:
            self.fault(node, where, message)
        return None if wrong else rules.Condition(tree)

    def known(self, node: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
        for key in sorted(set(node) - set(keys)):
            self.fault(node, where, f"unknown key {key!r}")

    def whole(self, node: Mapping[str, Any], key: str, where: str) -> int | None:
        value = node.get(key)
        if value is not None and not isinstance(value, int):
            self.fault(node, where, f"`{key}` is a whole number")
            return None
        return value

    def day(self, node: Mapping[str, Any], key: str) -> date:
        value = node.get(key)
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fault(self.data, "period", f"`{key}` is a date YYYY-MM-DD")
            return date.min

    def skips(self, items: Mapping[str, Item]) -> dict[str, tuple[SkipRule, ...]]:
        """For each item the "go to"s that jump over it (only the topmost item of what is hidden)."""
        out: dict[str, tuple[SkipRule, ...]] = {}
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
                    out[item.id] = (*out.get(item.id, ()), SkipRule(source.id, option.key))
        return out


def build_instrument(data: Mapping[str, Any]) -> CompiledInstrument:
    """The frozen instrument of checked data. Raises ValueError listing the faults otherwise."""
    builder = InstrumentBuilder(data)
    instrument = builder.build()
    if builder.faults:
        raise ValueError("; ".join(map(str, builder.faults)))
    return instrument
