"""Small readers shared by the loaders of schemes and KPI files; faults are collected, never raised. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from scoring.scheme.types import NO_TEXT, Origin, SourcedNumber, SourcedRule
from survey.instrument.schema import LocalizedText
from survey.instrument.source import Fault, SourceNode

ORIGINS = frozenset(get_args(Origin))
FIGURE_KEYS = "value from source"
RULE_KEYS = "rule from source"
TEXT_KEYS = frozenset({"th", "en"})


class SchemeFileReader:
    """Reads the values of a file. `faults`: what is wrong; `sources`: where figures are from, by origin."""

    def __init__(self, data: SourceNode) -> None:
        self.data = data
        self.faults: list[Fault] = []
        sources = data.get("sources")
        self.sources: Mapping[str, Any] = sources if isinstance(sources, dict) else {}

    def fault(self, node: Any, where: str, message: str) -> None:
        """Notes a fault at a node."""
        self.faults.append(Fault(getattr(node, "line", 0), where, message))

    def short(self, value: Any, node: Any, where: str, source: Any) -> SourcedNumber:
        """[points, origin] or [points, origin, source]."""
        if not isinstance(value, list) or len(value) not in (2, 3):
            self.fault(node, where, f"points are [points, origin] or with a source, found {value!r}")
            return SourcedNumber(Decimal(0), "assumed", NO_TEXT)
        own = value[2] if len(value) == 3 else source
        figure = self.figure({"value": value[0], "from": value[1], "source": own}, node, where)
        if not 0 <= figure.value <= 100:
            self.fault(node, where, f"points are between 0 and 100, found {figure.value}")
        return figure

    def figure(self, value: Any, node: Any, where: str) -> SourcedNumber:
        """{value, from, source}."""
        if not isinstance(value, dict):
            self.fault(node, where, f"a figure is {{value: …, from: …}}, found {value!r}")
            return SourcedNumber(Decimal(0), "assumed", NO_TEXT)
        self.known(value, FIGURE_KEYS, where, node)
        origin, source = self.origin(value.get("from"), value.get("source"), node, where)
        number = self.number(value.get("value"), node, where)
        if number < 0:
            self.fault(node, where, f"must not be negative, found {number}")
        return SourcedNumber(number, origin, source)

    def origin(self, value: Any, source: Any, node: Any, where: str) -> tuple[Origin, LocalizedText]:
        if value not in ORIGINS:
            self.fault(node, where, f"`from` is one of {', '.join(sorted(ORIGINS))}, found {value!r}")
            return "assumed", NO_TEXT
        text = self.source(source or self.sources.get(value), node, where)
        if not text:
            self.fault(node, where, f"a figure that is {value} needs a `source`")
        return value, text

    def source(self, value: Any, node: Any, where: str) -> LocalizedText:
        """Where something comes from: one text for both languages, or {th, en}."""
        if isinstance(value, dict) and value.get("th") and not set(value) - TEXT_KEYS:
            return LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
        if value is not None and not isinstance(value, str):
            self.fault(node, where, "a `source` is a text or {th: …, en: …}")
            return NO_TEXT
        return LocalizedText(value.strip()) if value else NO_TEXT

    def choice(self, node: Mapping[str, Any], key: str, where: str, allowed: frozenset[str]) -> SourcedRule | None:
        value = node.get(key)
        if not isinstance(value, dict) or value.get("rule") not in allowed:
            self.fault(node, where, f"`{key}` is {{rule: {' | '.join(sorted(allowed))}, from: …}}")
            return None
        self.known(value, RULE_KEYS, where)
        origin, source = self.origin(value.get("from"), value.get("source"), value, where)
        return SourcedRule(str(value["rule"]), origin, source)

    def number(self, value: Any, node: Any, where: str) -> Decimal:
        # YAML reads 37.5 as a float; its shortest text is what the file says.
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise InvalidOperation
            number = Decimal(str(value))
            if not number.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            self.fault(node, where, f"not a number: {value!r}")
            return Decimal(0)
        return number

    def whole(self, node: Mapping[str, Any], key: str) -> int:
        value = node.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(node, "scheme", f"`{key}` is a whole number")
            return 0
        return value

    def nodes(self, node: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        value = node.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.fault(node, where, f"`{key}` is a list of mappings")
            return []
        return value

    def mapping(
        self, node: Mapping[str, Any], key: str, where: str, *, plain: bool = False, needed: bool = True
    ) -> Mapping[str, Any]:
        value = node.get(key) or {}
        if not isinstance(value, dict) or not (plain or all(isinstance(v, dict) for v in value.values())):
            self.fault(node, where, f"`{key}` is a mapping{'' if plain else ' of mappings'}")
            return {}
        if needed and not value and (plain or key == "pillars"):
            self.fault(node, where, f"`{key}` is missing")
        return value

    def text(self, node: Mapping[str, Any], key: str, where: str, *, needed: bool = False) -> LocalizedText:
        value = node.get(key)
        if isinstance(value, dict) and value.get("th"):
            for more in sorted(map(str, set(value) - TEXT_KEYS)):
                self.fault(value, where, f"unknown key {more!r} in `{key}`")
            return LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
        if needed or value is not None:
            self.fault(node, where, f"`{key}` needs {{th: …, en: …}}")
        return LocalizedText()

    def known(self, node: Mapping[str, Any], keys: str, where: str, at: Any = None) -> None:
        for key in sorted(set(node) - set(keys.split())):
            self.fault(at or node, where, f"unknown key {key!r}")
