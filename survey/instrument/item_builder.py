"""Builds the items of an instrument from the nodes of its file, with their options, rows and columns. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from survey.instrument.node_reader import ID_PATTERN, NodeReader
from survey.instrument.schema import (
    SUGGESTIONS,
    EvidenceRequirement,
    Item,
    ItemKind,
    Option,
    TableColumn,
    TableRow,
)
from survey.instrument.windows import PERIOD_WINDOW, EvidenceWindow

KINDS = frozenset(get_args(ItemKind))
CELL_KINDS = frozenset({"single", "multi", "text", "number", "url"})
ITEM_EVIDENCE = {"single": {"none"}, "multi": {"none", "each"}, "group": {"none"}, "table": {"none"}}
ITEM_KEYS = frozenset(
    "id code kind ask help required scored evidence options answers rows columns items min max "
    "integer unit format when card window own suggest tell_complete".split()
)
OPTION_KEYS = frozenset("key code label help evidence then skip_to exclusive window own".split())


@dataclass(frozen=True, slots=True)
class ItemContext:
    """The position in the tree at which an item is built."""

    section: str
    pillar: str | None
    sub_pillar: str | None
    scored: bool
    parent: str | None = None
    opened_by: str | None = None
    question: str | None = None
    repeat: str | None = None
    window: EvidenceWindow = PERIOD_WINDOW
    own: bool = False


class ItemBuilder(NodeReader):
    """Builds items recursively; `items` and `lines` collect them and their line numbers by id."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.items: dict[str, Item] = {}
        self.lines: dict[str, int] = {}
        self.item_count = 0
        self.answer_sets: Mapping[str, Any] = data.get("answers") or {}

    def build_item(self, node: Mapping[str, Any], context: ItemContext) -> Item:
        """An item with everything below it; registered in `items` under its id."""
        item_id, kind = self.read_identity(node)
        order, self.item_count = self.item_count, self.item_count + 1
        owns_answer = kind != "group" or bool(node.get("card"))
        question = context.question or (item_id if owns_answer else None)
        own = bool(node.get("own", context.own))
        scored = not own and bool(node.get("scored", context.scored))
        window = self.read_window(node, item_id) or context.window
        child_context = replace(
            context, parent=item_id, scored=scored, question=question, opened_by=None, window=window, own=own
        )
        if kind == "repeat":
            child_context = replace(child_context, repeat=item_id)
        item = Item(
            id=item_id,
            code=self.read_code(node, item_id),
            kind=kind,  # type: ignore[arg-type]  # checked above
            ask=self.read_text(node, "ask", item_id, needed=True),
            help=self.read_text(node, "help", item_id),
            section=context.section,
            pillar=context.pillar,
            sub_pillar=context.sub_pillar,
            parent=context.parent,
            opened_by=context.opened_by,
            question=question,
            repeat=context.repeat,
            required=bool(node.get("required", kind != "group")),
            scored=scored,
            order=order,
            when=self.read_condition(node, "when", item_id),
            window=window,
            own=own,
            **self.build_content(node, kind, item_id, child_context),
        )
        self.items.setdefault(item_id, item)
        self.check_kind(node, item)
        return item

    def read_identity(self, node: Mapping[str, Any]) -> tuple[str, str]:
        """The id and the kind of an item; its id is noted with its line, and given once."""
        item_id, kind = self.read_id(node, "item"), str(node.get("kind", ""))
        self.check_keys(node, ITEM_KEYS, item_id)
        if kind not in KINDS:
            self.add_fault(node, item_id, f"unknown kind {kind!r}")
        if item_id in self.lines:
            self.add_fault(node, item_id, f"id already used on line {self.lines[item_id]}")
        self.lines[item_id] = getattr(node, "line", 0)
        return item_id, kind

    def build_content(
        self, node: Mapping[str, Any], kind: str, item_id: str, child_context: ItemContext
    ) -> dict[str, Any]:
        """The fields of an item that hold its options, rows, columns, child items and value limits."""
        low, high = self.read_row_limits(node, kind, item_id)
        return {
            "evidence": self.read_evidence(node, kind, item_id),
            "options": self.build_options(node, item_id, child_context, each=node.get("evidence") == "each"),
            "rows": tuple(self.build_row(r, item_id, child_context) for r in self.read_table_rows(node, kind)),
            "columns": tuple(self.build_column(c, item_id) for c in self.read_nodes(node, "columns", item_id)),
            "items": self.build_child_items(node, kind, item_id, child_context),
            "min_rows": low if kind == "repeat" else None,
            "max_rows": high if kind == "repeat" else None,
            "minimum": None if node.get("min") is None else str(node["min"]),
            "maximum": None if node.get("max") is None else str(node["max"]),
            "integer": bool(node.get("integer", True)),
            "unit": self.read_text(node, "unit", item_id),
            "format": node.get("format"),
            "suggest": node.get("suggest"),
            "tell_complete": bool(node.get("tell_complete", False)),
        }

    def build_child_items(
        self, node: Mapping[str, Any], kind: str, item_id: str, child_context: ItemContext
    ) -> tuple[Item, ...]:
        """The items under an item that are open whenever it is."""
        # Items under a repeat belong to its rows, those under a group with `card` to its answer; items under
        # anything else follow it as questions of their own, unless they stand inside an opened part.
        inside_answer = child_context.repeat is not None or child_context.question not in (None, item_id)
        stored_here = kind == "repeat" or bool(node.get("card")) or inside_answer
        context = child_context if stored_here else replace(child_context, question=None)
        return tuple(self.build_item(i, context) for i in self.read_nodes(node, "items", item_id))

    def build_options(
        self, node: Mapping[str, Any], item_id: str, context: ItemContext | None, *, each: bool = False
    ) -> tuple[Option, ...]:
        """The options of an item or column, its own or of a named answer set. `each`: every one needs evidence."""
        option_nodes = node.get("options")
        if name := node.get("answers"):
            option_nodes = self.answer_sets.get(name)
            if option_nodes is None:
                self.add_fault(node, item_id, f"unknown answer set {name!r}")
        options: list[Option] = []
        for raw in option_nodes or []:
            if not isinstance(raw, dict):
                self.add_fault(node, item_id, f"an option is a mapping, found {raw!r}")
                continue
            self.check_keys(raw, OPTION_KEYS, f"{item_id}={raw.get('key')}")
            options.append(self.build_option(raw, item_id, context, each=each))
        return tuple(options)

    def build_option(self, raw: Mapping[str, Any], item_id: str, context: ItemContext | None, *, each: bool) -> Option:
        """An option with the items it opens. `context` None: of a cell, which opens items through its row."""
        key = str(raw.get("key", ""))
        where = f"{item_id}={key}"
        if not ID_PATTERN.match(key):
            self.add_fault(raw, where, f"option key {key!r} is not a plain key")
        evidence: EvidenceRequirement = raw.get("evidence", "required" if each else "none")
        if evidence not in ("none", "required", "or_url"):
            self.add_fault(raw, where, f"unknown evidence {evidence!r}")
        nodes = self.read_nodes(raw, "then", where)
        if nodes and context is None:
            self.add_fault(raw, where, "a cell's option opens items through the row's `then`")
        window = self.read_window(raw, where)
        own = bool(raw.get("own", False))
        opened = None
        if context:
            opened = replace(context, opened_by=where, window=window or context.window, own=own or context.own)
        then = tuple(self.build_item(i, opened) for i in nodes) if opened else ()
        if evidence == "or_url" and not any(i.kind == "url" for i in then):
            self.add_fault(raw, where, "evidence or_url needs a url item among the option's `then`")
        return Option(
            key,
            self.read_text(raw, "label", where, needed=True),
            self.read_text(raw, "help", where),
            evidence,
            then,
            raw.get("skip_to"),
            bool(raw.get("exclusive", False)),
            window,
            None if raw.get("code") is None else str(raw["code"]),
            own,
        )

    def build_row(self, node: Mapping[str, Any], item_id: str, context: ItemContext) -> TableRow:
        """A table row with the items its cells open, or a heading."""
        if "heading" in node:
            return TableRow(None, self.read_text(node, "heading", item_id, needed=True))
        key = str(node.get("key", ""))
        where = f"{item_id}/{key}"
        if not ID_PATTERN.match(key):
            self.add_fault(node, where, f"row key {key!r} is not a plain key")
        window = self.read_window(node, where)
        then: dict[str, tuple[Item, ...]] = {}
        for target, items in (node.get("then") or {}).items():
            if "=" not in target:
                self.add_fault(node, where, f"`then` of a row is keyed column=option, found {target!r}")
            opened = replace(context, opened_by=f"{where}/{target}", window=window or context.window)
            then[str(target)] = tuple(self.build_item(i, opened) for i in items or [])
        return TableRow(
            key,
            self.read_text(node, "label", where, needed=True),
            self.read_text(node, "help", where),
            then,
            window,
            bool(node.get("required", True)),
        )

    def build_column(self, node: Mapping[str, Any], item_id: str) -> TableColumn:
        """A table column with its options."""
        key, kind = str(node.get("key", "")), str(node.get("kind", "single"))
        where = f"{item_id}/*/{key}"
        if kind not in CELL_KINDS:
            self.add_fault(node, where, f"a cell cannot be {kind!r}")
        return TableColumn(
            key,
            self.read_text(node, "label", where, needed=True),
            kind,  # type: ignore[arg-type]  # checked above
            self.build_options(node, where, None, each=node.get("evidence") == "each"),
            node.get("evidence", "none"),
            bool(node.get("required", True)),
            node.get("when"),
            self.read_window(node, where),
        )

    def read_evidence(self, node: Mapping[str, Any], kind: str, item_id: str) -> EvidenceRequirement:
        value = node.get("evidence", "none")
        if value not in ITEM_EVIDENCE.get(kind, {"none", "required"}):
            self.add_fault(node, item_id, f"evidence {value!r} does not go with kind {kind!r}")
        return value  # type: ignore[no-any-return]  # checked above

    def check_kind(self, node: Mapping[str, Any], item: Item) -> None:
        needs = {"single": "options", "multi": "options", "table": "columns", "repeat": "items"}.get(item.kind)
        if needs and not getattr(item, needs):
            self.add_fault(node, item.id, f"kind {item.kind!r} needs {needs}")
        if item.kind == "table" and not item.answer_rows:
            self.add_fault(node, item.id, "a table needs rows")
        if item.suggest and (item.suggest not in SUGGESTIONS or item.kind != "text" or item.repeat):
            known = ", ".join(sorted(SUGGESTIONS))
            self.add_fault(node, item.id, f"`suggest` is one of {known}, of a text outside a repeat")
        choices = [item.kind] if item.kind != "table" else [column.kind for column in item.columns]
        if item.tell_complete and ("multi" not in choices or item.repeat):
            self.add_fault(node, item.id, "`tell_complete` is of choices of several outside a repeat")
        if item.options and item.kind not in ("single", "multi"):
            self.add_fault(node, item.id, f"kind {item.kind!r} has no options")
        for what, keys in (
            ("option", [o.key for o in item.options]),
            ("row", [k for k, _ in item.answer_rows]),
            ("column", [c.key for c in item.columns]),
        ):
            for key in sorted({k for k in keys if keys.count(k) > 1}):
                self.add_fault(node, item.id, f"{what} {key!r} is given twice")
