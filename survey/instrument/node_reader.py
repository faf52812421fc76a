"""Reads single values out of the nodes of an instrument file, collecting faults instead of raising. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from survey.instrument.conditions import Condition, condition_faults
from survey.instrument.placeholders import form_year
from survey.instrument.schema import LocalizedText
from survey.instrument.source import Fault
from survey.instrument.windows import NO_WINDOW, PERIOD_WINDOW, EvidenceWindow

ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


class NodeReader:
    """Reads values of nodes; `faults` collects everything that is wrong, each with its line.

    Parameter `where` of the methods names the place of the node in messages.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.form_year = form_year(data)
        self.faults: list[Fault] = []

    def add_fault(self, node: Any, where: str, message: str) -> None:
        """Record a fault at a node."""
        self.faults.append(Fault(getattr(node, "line", 0), where, message))

    def read_nodes(self, node: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        value = node.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.add_fault(node, where, f"`{key}` is a list of mappings")
            return []
        return value

    def read_table_rows(self, node: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
        return self.read_nodes(node, "rows", str(node.get("id"))) if kind == "table" else []

    def read_row_limits(self, node: Mapping[str, Any], kind: str, item_id: str) -> tuple[int, int]:
        rows = node.get("rows")
        if kind != "repeat":
            return 0, 0
        if not isinstance(rows, dict) or not all(isinstance(rows.get(k), int) for k in ("min", "max")):
            self.add_fault(node, item_id, "a repeat needs rows: {min: …, max: …}")
            return 0, 0
        if not 0 <= rows["min"] <= rows["max"] or rows["max"] < 1:
            self.add_fault(node, item_id, "rows: min ≤ max, max ≥ 1")
        return rows["min"], rows["max"]

    def read_code(self, node: Mapping[str, Any], item_id: str) -> str | None:
        return item_id if "code" not in node else None if node["code"] is None else str(node["code"])

    def read_id(self, node: Mapping[str, Any], what: str) -> str:
        value = str(node.get("id", ""))
        if not ID_PATTERN.match(value):
            self.add_fault(node, what, f"id {value!r} is not a plain id")
        return value

    def read_text(self, node: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> LocalizedText:
        """A text in both languages, with the years and days of the form's own round filled in."""
        value = node.get(key)
        if isinstance(value, dict) and value.get("th"):
            text = LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
            text, unknown = self.form_year.fill(text)
            for placeholder in unknown:
                self.add_fault(value, where, f"`{key}`: unknown placeholder {placeholder}")
            return text
        if needed or value is not None:
            self.add_fault(node, where, f"`{key}` needs {{th: …, en: …}}")
        return LocalizedText()

    def read_condition(self, node: Mapping[str, Any], key: str, where: str) -> Condition | None:
        tree = node.get(key)
        if tree is None:
            return None
        wrong = list(condition_faults(tree))
        for message in wrong:
            self.add_fault(node, where, message)
        return None if wrong else Condition(tree)

    def check_keys(self, node: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
        for key in sorted(set(node) - set(keys)):
            self.add_fault(node, where, f"unknown key {key!r}")

    def read_whole_number(self, node: Mapping[str, Any], key: str, where: str) -> int | None:
        value = node.get(key)
        if value is not None and not isinstance(value, int):
            self.add_fault(node, where, f"`{key}` is a whole number")
            return None
        return value

    def read_window(self, node: Mapping[str, Any], where: str) -> EvidenceWindow | None:
        """The evidence window given at a node, or None. Only files that say `windows: per_item` give any."""
        value = node.get("window")
        if value is None:
            return None
        if self.data.get("windows") != "per_item":
            self.add_fault(node, where, "`window` needs `windows: per_item` in the head of the file")
        elif value in ("none", "period"):
            return NO_WINDOW if value == "none" else PERIOD_WINDOW
        elif isinstance(value, dict) and set(value) == {"years"} and _is_count(value["years"]):
            return EvidenceWindow("years", value["years"])
        elif isinstance(value, dict) and set(value) == {"from", "to"}:
            first, last = (self.read_date(value, key, where=where) for key in ("from", "to"))
            if first > last:
                self.add_fault(node, where, "`window` ends before it begins")
            return EvidenceWindow("dates", days=(first, last))
        else:
            self.add_fault(node, where, "`window` is none, period, {years: N} or {from: YYYY-MM-DD, to: YYYY-MM-DD}")
        return None

    def read_date(self, node: Mapping[str, Any], key: str, *, where: str = "period") -> date:
        value = node.get(key)
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.add_fault(node if node else self.data, where, f"`{key}` is a date YYYY-MM-DD")
            return date.min


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
