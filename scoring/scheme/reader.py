"""Small readers shared by the loaders of schemes and KPI files; faults are collected, never raised. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from scoring.scheme.sourced import NO_TEXT, Origin, SourcedNumber, SourcedRule, SourcedText, SourceLink
from survey.instrument.proof.guide import is_safe_address
from survey.instrument.schema import LocalizedText
from survey.instrument.source import Fault, SourceNode

ORIGINS = frozenset(get_args(Origin))
FIGURE_KEYS = "value from source"
RULE_KEYS = "rule from source"
STATEMENT_KEYS = "th en from source"
TEXT_KEYS = frozenset({"th", "en"})


class SchemeFileReader:
    """Reads the values of a file. `faults`: what is wrong; `sources`: where figures are from, by origin."""

    def __init__(self, data: SourceNode) -> None:
        self.data = data
        self.faults: list[Fault] = []
        sources = data.get("sources")
        self.sources: Mapping[str, Any] = sources if isinstance(sources, dict) else {}

    def add_fault(self, node: Any, location: str, message: str) -> None:
        """Notes a fault at a node."""
        self.faults.append(Fault(getattr(node, "line", 0), location, message))

    def read_points(self, value: Any, node: Any, location: str, source: Any) -> SourcedNumber:
        """[points, origin] or [points, origin, source]."""
        if not isinstance(value, list) or len(value) not in (2, 3):
            self.add_fault(node, location, f"points are [points, origin] or with a source, found {value!r}")
            return SourcedNumber(Decimal(0), "assumed", NO_TEXT)
        own_source = value[2] if len(value) == 3 else source
        figure = self.read_sourced_number({"value": value[0], "from": value[1], "source": own_source}, node, location)
        if not 0 <= figure.value <= 100:
            self.add_fault(node, location, f"points are between 0 and 100, found {figure.value}")
        return figure

    def read_sourced_number(self, value: Any, node: Any, location: str) -> SourcedNumber:
        """{value, from, source}."""
        if not isinstance(value, dict):
            self.add_fault(node, location, f"a figure is {{value: …, from: …}}, found {value!r}")
            return SourcedNumber(Decimal(0), "assumed", NO_TEXT)
        self.check_keys(value, FIGURE_KEYS, location, node)
        origin, source = self.read_origin(value.get("from"), value.get("source"), node, location)
        number = self.read_number(value.get("value"), node, location)
        if number < 0:
            self.add_fault(node, location, f"must not be negative, found {number}")
        return SourcedNumber(number, origin, source)

    def read_origin(self, value: Any, source: Any, node: Any, location: str) -> tuple[Origin, LocalizedText]:
        if value not in ORIGINS:
            self.add_fault(node, location, f"`from` is one of {', '.join(sorted(ORIGINS))}, found {value!r}")
            return "assumed", NO_TEXT
        text = self.read_source(source or self.sources.get(value), node, location)
        if not text:
            self.add_fault(node, location, f"a figure that is {value} needs a `source`")
        return value, text

    def read_source(self, value: Any, node: Any, location: str) -> LocalizedText:
        """Where something comes from: one text for both languages, or {th, en}."""
        if isinstance(value, dict) and value.get("th") and not set(value) - TEXT_KEYS:
            return LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
        if value is not None and not isinstance(value, str):
            self.add_fault(node, location, "a `source` is a text or {th: …, en: …}")
            return NO_TEXT
        return LocalizedText(value.strip()) if value else NO_TEXT

    def read_rule(
        self, node: Mapping[str, Any], key: str, location: str, allowed: frozenset[str]
    ) -> SourcedRule | None:
        value = node.get(key)
        if not isinstance(value, dict) or value.get("rule") not in allowed:
            self.add_fault(node, location, f"`{key}` is {{rule: {' | '.join(sorted(allowed))}, from: …}}")
            return None
        self.check_keys(value, RULE_KEYS, location)
        origin, source = self.read_origin(value.get("from"), value.get("source"), value, location)
        return SourcedRule(str(value["rule"]), origin, source)

    def read_statement(self, node: Mapping[str, Any], key: str, location: str) -> SourcedText | None:
        """{th, en, from, source}; None where it is left out."""
        value = node.get(key)
        if value is None:
            return None
        if not isinstance(value, dict) or not value.get("th"):
            self.add_fault(node, location, f"`{key}` is {{th: …, en: …, from: …}}")
            return None
        self.check_keys(value, STATEMENT_KEYS, location, value)
        text = LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
        origin, source = self.read_origin(value.get("from"), value.get("source"), value, location)
        return SourcedText(text, origin, source)

    def read_links(self, node: Mapping[str, Any], location: str) -> tuple[SourceLink, ...]:
        """A list of {name, address}."""
        links = []
        for one in self.read_list(node, "links", location):
            self.check_keys(one, "name address", location)
            address = str(one.get("address") or "")
            if not is_safe_address(address):
                self.add_fault(one, location, f"`address` begins with https:// and names a host, found {address!r}")
            links.append(SourceLink(self.read_text(one, "name", location, needed=True), address))
        return tuple(links)

    def read_number(self, value: Any, node: Any, location: str) -> Decimal:
        # YAML reads 37.5 as a float; its shortest text is what the file says.
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise InvalidOperation
            number = Decimal(str(value))
            if not number.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            self.add_fault(node, location, f"not a number: {value!r}")
            return Decimal(0)
        return number

    def read_whole_number(self, node: Mapping[str, Any], key: str) -> int:
        value = node.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.add_fault(node, "scheme", f"`{key}` is a whole number")
            return 0
        return value

    def read_list(self, node: Mapping[str, Any], key: str, location: str) -> list[Mapping[str, Any]]:
        value = node.get(key) or []
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.add_fault(node, location, f"`{key}` is a list of mappings")
            return []
        return value

    def read_mapping(
        self, node: Mapping[str, Any], key: str, location: str, *, plain: bool = False, needed: bool = True
    ) -> Mapping[str, Any]:
        value = node.get(key) or {}
        if not isinstance(value, dict) or not (plain or all(isinstance(v, dict) for v in value.values())):
            self.add_fault(node, location, f"`{key}` is a mapping{'' if plain else ' of mappings'}")
            return {}
        if needed and not value and (plain or key == "pillars"):
            self.add_fault(node, location, f"`{key}` is missing")
        return value

    def read_text(self, node: Mapping[str, Any], key: str, location: str, *, needed: bool = False) -> LocalizedText:
        value = node.get(key)
        if isinstance(value, dict) and value.get("th"):
            for unknown_key in sorted(map(str, set(value) - TEXT_KEYS)):
                self.add_fault(value, location, f"unknown key {unknown_key!r} in `{key}`")
            return LocalizedText(str(value["th"]).strip(), str(value.get("en") or "").strip())
        if needed or value is not None:
            self.add_fault(node, location, f"`{key}` needs {{th: …, en: …}}")
        return LocalizedText()

    def check_keys(self, node: Mapping[str, Any], keys: str, location: str, fault_node: Any = None) -> None:
        for key in sorted(set(node) - set(keys.split())):
            self.add_fault(fault_node or node, location, f"unknown key {key!r}")
