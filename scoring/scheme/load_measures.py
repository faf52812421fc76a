"""Reading the closed criterion language: one operator per measure, and its modifiers. PURE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from scoring.scheme.measure_types import (
    AnsweredFieldCount,
    CombinedMeasure,
    EvidenceRule,
    Measure,
    NumberValue,
    OptionCount,
    Ratio,
    RepeatRowCount,
    TableRowCount,
)
from survey.instrument.schema import LocalizedText

OPERATORS: dict[str, frozenset[str]] = {
    "options": frozenset({"only", "except", "with"}),
    "rows": frozenset({"column", "in", "only", "except", "with"}),
    "repeat": frozenset({"having", "with"}),
    "answered": frozenset({"with"}),
    "number": frozenset({"with"}),
    "ratio": frozenset(),
    "sum": frozenset(),
    "all": frozenset(),
    "any": frozenset(),
}
COMMON_KEYS = frozenset({"name", "cap", "need"})
EVIDENCE_RULES = frozenset({"marked_evidence", "answer"})
UNIT_COUNT = LocalizedText("ข้อ", "items")
UNIT_RATIO = LocalizedText("ร้อยละ", "percent")
EMPTY_MEASURE = OptionCount(addresses=())


class TextReader(Protocol):
    """Reads a {th, en} value of a node."""

    def __call__(self, node: Mapping[str, Any], key: str, location: str, *, needed: bool = False) -> LocalizedText: ...


class MeasureReader:
    """Turns the mappings of a file into measures; what is wrong goes to `fault`."""

    def __init__(self, fault: Callable[[Any, str, str], None], text: TextReader) -> None:
        self.fault = fault
        self.text = text

    def default_unit(self, measure: Measure | None) -> LocalizedText:
        """What a measure counts in, unless the criterion says so itself."""
        return UNIT_RATIO if isinstance(measure, Ratio) else UNIT_COUNT

    def read_evidence_rule(self, node: Mapping[str, Any], location: str) -> EvidenceRule:
        """What makes an answer count: itself, or its marked evidence where the form asks for some."""
        value = node.get("with", "marked_evidence")
        if value not in EVIDENCE_RULES:
            self.fault(node, location, f"`with` is one of {', '.join(sorted(EVIDENCE_RULES))}, found {value!r}")
            return "marked_evidence"
        return "answer" if value == "answer" else "marked_evidence"

    def read(self, node: Any, parent: Any, location: str) -> Measure:
        """The measure of a mapping."""
        names = [k for k in node if k in OPERATORS] if isinstance(node, dict) else []
        if len(names) != 1:
            wanted = ", ".join(sorted(OPERATORS))
            self.fault(node if isinstance(node, dict) else parent, location, f"a measure is one of {wanted}")
            return EMPTY_MEASURE
        (operator,) = names
        for key in sorted(set(node) - {operator} - OPERATORS[operator] - COMMON_KEYS):
            self.fault(node, location, f"{operator!r} does not know {key!r}")
        common: dict[str, Any] = {
            "name": self.text(node, "name", location),
            "cap": self.read_cap(node, location),
            "need": self.read_need(node, location),
        }
        if operator in ("sum", "all", "any"):
            return self.read_combined(operator, node, location, common)
        if operator == "ratio":
            return self.read_ratio(node, location, common)
        common["evidence_rule"] = self.read_evidence_rule(node, location)
        if operator == "number":
            return NumberValue(address=self.read_name(node, "number", location), **common)
        if operator == "answered":
            return AnsweredFieldCount(addresses=self.read_names(node, "answered", location), **common)
        if operator == "repeat":
            having = self.read(node["having"], node, location) if "having" in node else None
            return RepeatRowCount(addresses=self.read_names(node, "repeat", location), having=having, **common)
        common["included"] = self.read_names(node, "only", location, needed=False)
        common["excluded"] = self.read_names(node, "except", location, needed=False)
        if operator == "options":
            return OptionCount(addresses=self.read_names(node, "options", location), **common)
        table, column = self.read_name(node, "rows", location), self.read_name(node, "column", location)
        return TableRowCount(table=table, column=column, answers=self.read_names(node, "in", location), **common)

    def read_combined(self, operator: str, node: Any, location: str, common: Mapping[str, Any]) -> Measure:
        parts = node[operator]
        if not isinstance(parts, list) or not parts:
            self.fault(node, location, f"{operator!r} needs a list of measures")
            return EMPTY_MEASURE
        measures = tuple(self.read(p, node, location) for p in parts)
        return CombinedMeasure(rule=operator, parts=measures, **common)  # type: ignore[arg-type]  # one of the three, checked

    def read_ratio(self, node: Any, location: str, common: Mapping[str, Any]) -> Measure:
        value = node["ratio"]
        if not isinstance(value, dict) or set(value) != {"part", "whole"}:
            self.fault(node, location, "`ratio` is {part: item, whole: item}")
            return EMPTY_MEASURE
        return Ratio(part=str(value["part"]), whole=str(value["whole"]), **common)

    def read_name(self, node: Mapping[str, Any], key: str, location: str) -> str:
        value = node.get(key)
        if not isinstance(value, str) or not value:
            self.fault(node, location, f"`{key}` is one name")
            return ""
        return value

    def read_names(self, node: Mapping[str, Any], key: str, location: str, *, needed: bool = True) -> tuple[str, ...]:
        value = node.get(key)
        if value is None and not needed:
            return ()
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
            self.fault(node, location, f"`{key}` is a name or a list of names (numbers in quotes)")
            return ()
        if len(set(names)) < len(names):
            self.fault(node, location, f"`{key}` names something twice")
        return tuple(names)

    def read_cap(self, node: Mapping[str, Any], location: str) -> int | None:
        value = node.get("cap")
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            self.fault(node, location, "`cap` is a whole number above 0")
            return None
        return value

    def read_need(self, node: Mapping[str, Any], location: str) -> Decimal:
        value = node.get("need", 1)
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise InvalidOperation
            number = Decimal(str(value))
            if not number.is_finite() or number <= 0:
                raise InvalidOperation
        except InvalidOperation:
            self.fault(node, location, "`need` is a number above 0")
            return Decimal(1)
        return number
