"""Reading what a scheme says beside its criteria: other readings of the unpublished, and kinds of work. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from scoring.scheme.reader import SchemeFileReader
from scoring.scheme.types import AlternativeReading, Criterion, LevelRule, WorkKind
from survey.instrument.source import SourceNode

READING_KEYS = "id name from source steps answers levels"
READING_STEPS = "less more"
WORK_KEYS = "name effort say"
EVIDENCE_WORK, ITEM_WORK = "evidence", "item"  # kinds of work that every scheme with `work` has


class LevelRuleReader(Protocol):
    """Reads a rule of levels."""

    def level_rule(self, node: Any) -> LevelRule | None: ...


class ExtensionReader:
    """Reads `readings` and `work`; faults go to the reader of the file."""

    def __init__(self, reader: SchemeFileReader) -> None:
        self.reader = reader

    def readings(self, levels: LevelRuleReader, ids: frozenset[str]) -> tuple[AlternativeReading, ...]:
        """Other ways to read what is not published."""
        nodes = self.reader.nodes(self.reader.data, "readings", "scheme")
        return tuple(self._reading(n, levels, ids) for n in nodes)

    def _reading(self, node: Mapping[str, Any], levels: LevelRuleReader, ids: frozenset[str]) -> AlternativeReading:
        reader, where = self.reader, f"reading {node.get('id')}"
        reader.known(node, READING_KEYS, where)
        origin, source = reader.origin(node.get("from"), node.get("source"), node, where)
        kinds = [k for k in ("steps", "answers", "levels") if node.get(k)]
        if not node.get("id") or len(kinds) != 1:
            reader.fault(node, where, "a reading has an `id` and one of `steps`, `answers`, `levels`")
        rule = (
            levels.level_rule(_with_keys(node["levels"], {"from": origin, "source": node.get("source")}))
            if node.get("levels")
            else None
        )
        return AlternativeReading(
            str(node.get("id") or ""),
            reader.text(node, "name", where, needed=True),
            origin,
            source,
            self._steps(node, where) if node.get("steps") else None,
            self._answers(node, ids, where),
            rule,
        )

    def _steps(self, node: Mapping[str, Any], where: str) -> tuple[Decimal, Decimal]:
        value = node["steps"]
        if not isinstance(value, dict) or set(value) != set(READING_STEPS.split()):
            self.reader.fault(node, where, "`steps` is {less: points, more: points}")
            return Decimal(0), Decimal(0)
        less, more = (self.reader.number(value[k], node, where) for k in ("less", "more"))
        if less < 0 or more < 0:
            self.reader.fault(node, where, "`less` and `more` must not be negative")
        return less, more

    def _answers(self, node: Mapping[str, Any], ids: frozenset[str], where: str) -> dict[str, tuple[str, ...]]:
        out = {}
        for ident, keys in self.reader.mapping(node, "answers", where, plain=True, needed=False).items():
            if ident not in ids:
                self.reader.fault(node, where, f"unknown criterion {ident!r}")
            if not isinstance(keys, list) or not keys:
                self.reader.fault(node, where, f"{ident!r} needs a list of answers")
                continue
            out[str(ident)] = tuple(map(str, keys))
        return out

    def work(self, criteria: Sequence[Criterion]) -> dict[str, WorkKind]:
        """Kinds of work by name, with the effort of one piece in whole units."""
        reader = self.reader
        nodes = reader.mapping(reader.data, "work", "scheme", needed=False)
        out = {}
        for kind, node in nodes.items():
            where = f"work {kind}"
            reader.known(node, WORK_KEYS, where)
            effort = reader.figure(node.get("effort"), node, where)
            if effort.value != effort.value.to_integral_value() or effort.value < 1:
                reader.fault(node, where, "`effort` is a whole number above 0")
            name, say = (reader.text(node, key, where, needed=True) for key in ("name", "say"))
            out[str(kind)] = WorkKind(str(kind), name, effort, say)
        for needed in (EVIDENCE_WORK, ITEM_WORK) if out else ():
            if needed not in out:
                reader.fault(reader.data, "work", f"the kind {needed!r} is missing")
        for criterion in criteria:
            if criterion.work and criterion.work not in out:
                reader.fault(reader.data, criterion.id, f"unknown kind of work {criterion.work!r}")
        return out


def _with_keys(node: Any, more: Mapping[str, Any]) -> Any:
    """A mapping of the file with more keys, still knowing its line."""
    if not isinstance(node, dict):
        return node
    out = SourceNode({**node, **more})
    out.line = getattr(node, "line", 0)
    return out
