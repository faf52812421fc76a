"""Reading the closed criterion language: one operator per measure, and its modifiers. PURE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from scoring.scheme.types import (
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
EMPTY_MEASURE = OptionCount(of=())


class TextReader(Protocol):
    """Reads a {th, en} value of a node."""

    def __call__(self, node: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> LocalizedText: ...


class MeasureReader:
    """Turns the mappings of a file into measures; what is wrong goes to `fault`."""

    def __init__(self, fault: Callable[[Any, str, str], None], text: TextReader) -> None:
        self.fault = fault
        self.text = text

    def unit(self, measure: Measure | None) -> LocalizedText:
        """What a measure counts in, unless the criterion says so itself."""
        return UNIT_RATIO if isinstance(measure, Ratio) else UNIT_COUNT

    def with_(self, node: Mapping[str, Any], where: str) -> EvidenceRule:
        """What makes an answer count: itself, or its marked evidence where the form asks for some."""
        value = node.get("with", "marked_evidence")
        if value not in EVIDENCE_RULES:
            self.fault(node, where, f"`with` is one of {', '.join(sorted(EVIDENCE_RULES))}, found {value!r}")
            return "marked_evidence"
        return "answer" if value == "answer" else "marked_evidence"

    def read(self, node: Any, parent: Any, where: str) -> Measure:
        """The measure of a mapping."""
        names = [k for k in node if k in OPERATORS] if isinstance(node, dict) else []
        if len(names) != 1:
            wanted = ", ".join(sorted(OPERATORS))
            self.fault(node if isinstance(node, dict) else parent, where, f"a measure is one of {wanted}")
            return EMPTY_MEASURE
        (operator,) = names
        for key in sorted(set(node) - {operator} - OPERATORS[operator] - COMMON_KEYS):
            self.fault(node, where, f"{operator!r} does not know {key!r}")
        common: dict[str, Any] = {
            "name": self.text(node, "name", where),
            "cap": self.cap(node, where),
            "need": self.need(node, where),
        }
        if operator in ("sum", "all", "any"):
            return self.joined(operator, node, where, common)
        if operator == "ratio":
            return self.ratio(node, where, common)
        common["with_"] = self.with_(node, where)
        if operator == "number":
            return NumberValue(of=self.one(node, "number", where), **common)
        if operator == "answered":
            return AnsweredFieldCount(of=self.keys(node, "answered", where), **common)
        if operator == "repeat":
            having = self.read(node["having"], node, where) if "having" in node else None
            return RepeatRowCount(of=self.keys(node, "repeat", where), having=having, **common)
        common["only"] = self.keys(node, "only", where, needed=False)
        common["besides"] = self.keys(node, "except", where, needed=False)
        if operator == "options":
            return OptionCount(of=self.keys(node, "options", where), **common)
        table, column = self.one(node, "rows", where), self.one(node, "column", where)
        return TableRowCount(of=table, column=column, answers=self.keys(node, "in", where), **common)

    def joined(self, operator: str, node: Any, where: str, common: Mapping[str, Any]) -> Measure:
        parts = node[operator]
        if not isinstance(parts, list) or not parts:
            self.fault(node, where, f"{operator!r} needs a list of measures")
            return EMPTY_MEASURE
        read = tuple(self.read(p, node, where) for p in parts)
        return CombinedMeasure(how=operator, parts=read, **common)  # type: ignore[arg-type]  # one of the three, checked

    def ratio(self, node: Any, where: str, common: Mapping[str, Any]) -> Measure:
        value = node["ratio"]
        if not isinstance(value, dict) or set(value) != {"part", "whole"}:
            self.fault(node, where, "`ratio` is {part: item, whole: item}")
            return EMPTY_MEASURE
        return Ratio(part=str(value["part"]), whole=str(value["whole"]), **common)

    def one(self, node: Mapping[str, Any], key: str, where: str) -> str:
        value = node.get(key)
        if not isinstance(value, str) or not value:
            self.fault(node, where, f"`{key}` is one name")
            return ""
        return value

    def keys(self, node: Mapping[str, Any], key: str, where: str, *, needed: bool = True) -> tuple[str, ...]:
        value = node.get(key)
        if value is None and not needed:
            return ()
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
            self.fault(node, where, f"`{key}` is a name or a list of names (numbers in quotes)")
            return ()
        if len(set(names)) < len(names):
            self.fault(node, where, f"`{key}` names something twice")
        return tuple(names)

    def cap(self, node: Mapping[str, Any], where: str) -> int | None:
        value = node.get("cap")
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            self.fault(node, where, "`cap` is a whole number above 0")
            return None
        return value

    def need(self, node: Mapping[str, Any], where: str) -> Decimal:
        value = node.get("need", 1)
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise InvalidOperation
            number = Decimal(str(value))
            if not number.is_finite() or number <= 0:
                raise InvalidOperation
        except InvalidOperation:
            self.fault(node, where, "`need` is a number above 0")
            return Decimal(1)
        return number
