"""From a reviewed KPI file to a frozen Kpi, collecting every fault with its line. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.kpi.rules import (
    CONDITION_KINDS,
    TARGET_ORDER,
    AttainmentLevel,
    GroupingRule,
    KpiMeasure,
    KpiPart,
    KpiScheme,
    ProvinceGroup,
    TargetCondition,
)
from scoring.scheme.reader import ORIGINS, SchemeFileReader
from survey.instrument.source import Fault, SourceError, read_yaml

TOP_KEYS = (
    "scheme fiscal_year period framework name weight weight_from best_of from source readings parts "
    "grouping groups baselines published"
)
PART_KEYS = "key name weight weight_from unit measure targets"
GROUP_KEYS = "key name range members"
GROUPING_KEYS = "measure new old keep"


def parse_kpi(text: str) -> tuple[KpiScheme | None, list[Fault]]:
    """The KPI scheme of a file and all its faults in line order; no scheme if there is any."""
    try:
        data = read_yaml(text)
    except SourceError as error:
        return None, [Fault(0, "file", str(error))]
    builder = _KpiBuilder(data)
    kpi = builder.build()
    faults = sorted(set(builder.faults))
    return (None if faults else kpi), faults


class _KpiBuilder(SchemeFileReader):
    """Builds the KPI scheme."""

    def build(self) -> KpiScheme:
        data = self.data
        self.known(data, TOP_KEYS, "kpi")
        origin, source = self.origin(data.get("from"), data.get("source"), data, "kpi")
        self.sources = dict.fromkeys(ORIGINS, data.get("source"))
        parts = tuple(self.part(p) for p in self.nodes(data, "parts", "kpi"))
        groups = tuple(self.group(g) for g in self.nodes(data, "groups", "kpi"))
        for part in parts:
            for key in sorted({g.key for g in groups} ^ set(part.targets)):
                self.fault(data, part.key, f"targets and groups do not fit together: {key!r}")
        weights = sum((p.weight.value for p in parts), Decimal(0))
        weight = self.weighed(data, "kpi")
        if weights != weight.value:
            self.fault(data, "parts", f"the parts weigh {weights}, the whole {weight.value}")
        return KpiScheme(
            key=str(data.get("scheme", "")),
            fiscal_year=self.whole(data, "fiscal_year"),
            framework=self.whole(data, "framework"),
            name=self.text(data, "name", "kpi", needed=True),
            weight=weight,
            best_of=tuple(y for y in data.get("best_of") or [] if isinstance(y, int)),
            origin=origin,
            source=source,
            readings=self.readings(),
            parts=parts,
            grouping=self.grouping(),
            groups=groups,
            baselines=self.numbers("baselines", years=True),
            published=self.numbers("published", years=False),
        )

    def readings(self) -> dict[str, AttainmentLevel]:
        nodes = self.mapping(self.data, "readings", "kpi")
        for key in sorted({*TARGET_ORDER, "below"} ^ set(nodes)):
            self.fault(self.data, "readings", f"readings are base, standard, advanced and below; {key!r}")
        return {
            key: AttainmentLevel(
                self.text(node, "name", key, needed=True),
                self.figure({k: v for k, v in node.items() if k != "name"}, node, key),
            )
            for key, node in nodes.items()
        }

    def weighed(self, node: Mapping[str, Any], where: str) -> Any:
        return self.figure({"value": node.get("weight"), "from": node.get("weight_from")}, node, where)

    def part(self, node: Mapping[str, Any]) -> KpiPart:
        where = str(node.get("key", "part"))
        self.known(node, PART_KEYS, where)
        targets = {}
        for group, asked in self.mapping(node, "targets", where).items():
            for key in sorted(set(TARGET_ORDER) ^ set(asked)):
                self.fault(asked, where, f"targets are base, standard and advanced; {key!r}")
            targets[group] = {k: self.conditions(v, asked, where) for k, v in asked.items()}
        return KpiPart(
            where,
            self.text(node, "name", where, needed=True),
            self.text(node, "unit", where),
            self.weighed(node, where),
            self.measure(node, where),
            targets,
        )

    def measure(self, node: Mapping[str, Any], where: str) -> KpiMeasure:
        value = node.get("measure")
        if isinstance(value, dict) and len(value) == 1:
            if isinstance(value.get("pillars_at_level"), int):
                return KpiMeasure(value["pillars_at_level"])
            if value.get("score") == "total":
                return KpiMeasure(None)
        self.fault(node, where, "`measure` is {pillars_at_level: N} or {score: total}")
        return KpiMeasure(None)

    def conditions(self, value: Any, node: Any, where: str) -> tuple[TargetCondition, ...]:
        if not isinstance(value, dict) or not value:
            self.fault(node, where, "a target is a mapping of conditions")
            return ()
        out = []
        for kind, number in value.items():
            if kind not in CONDITION_KINDS:
                self.fault(value, where, f"unknown condition {kind!r}")
            elif kind == "above_best":
                out.append(TargetCondition(kind, Decimal(0)))
            else:
                out.append(TargetCondition(kind, self.number(number, value, where)))
        return tuple(out)

    def group(self, node: Mapping[str, Any]) -> ProvinceGroup:
        where = f"group {node.get('key')}"
        self.known(node, GROUP_KEYS, where)
        span = node.get("range") or {}
        members = node.get("members") or []
        if not isinstance(members, list) or len(set(members)) < len(members):
            self.fault(node, where, "`members` is a list of province codes, each once")
            members = []
        name = self.text(node, "name", where, needed=True)
        return ProvinceGroup(str(node.get("key")), name, span.get("from"), span.get("to"), frozenset(members))

    def grouping(self) -> GroupingRule | None:
        node = self.data.get("grouping")
        if node is None:
            return None
        self.known(node, GROUPING_KEYS, "grouping")
        if node.get("keep") != "better":
            self.fault(node, "grouping", "`keep` is better")
        return GroupingRule(self.measure(node, "grouping"), self.whole(node, "new"), self.whole(node, "old"))

    def numbers(self, key: str, *, years: bool) -> dict[str, dict[Any, dict[str, Decimal]]]:
        out: dict[str, dict[Any, dict[str, Decimal]]] = {}
        for province, rows in self.mapping(self.data, key, "kpi", needed=False).items():
            out[province] = {
                (int(row) if years else row): {k: self.number(v, rows, f"{key} {province}") for k, v in values.items()}
                for row, values in rows.items()
            }
        return out
