"""Loading a reviewed KPI file into a frozen KpiScheme, collecting every fault with its line. PURE."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.kpi.types import (
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
        self.check_keys(data, TOP_KEYS, "kpi")
        origin, source = self.read_origin(data.get("from"), data.get("source"), data, "kpi")
        self.sources = dict.fromkeys(ORIGINS, data.get("source"))
        parts = tuple(self.read_part(p) for p in self.read_list(data, "parts", "kpi"))
        groups = tuple(self.read_group(g) for g in self.read_list(data, "groups", "kpi"))
        for part in parts:
            for key in sorted({g.key for g in groups} ^ set(part.targets)):
                self.add_fault(data, part.key, f"targets and groups do not fit together: {key!r}")
        weights = sum((p.weight.value for p in parts), Decimal(0))
        weight = self.read_weight(data, "kpi")
        if weights != weight.value:
            self.add_fault(data, "parts", f"the parts weigh {weights}, the whole {weight.value}")
        return KpiScheme(
            key=str(data.get("scheme", "")),
            fiscal_year=self.read_whole_number(data, "fiscal_year"),
            framework=self.read_whole_number(data, "framework"),
            name=self.read_text(data, "name", "kpi", needed=True),
            weight=weight,
            best_of=tuple(y for y in data.get("best_of") or [] if isinstance(y, int)),
            origin=origin,
            source=source,
            readings=self.read_attainment_levels(),
            parts=parts,
            grouping=self.read_grouping(),
            groups=groups,
            baselines=self.read_numbers("baselines", years=True),
            published=self.read_numbers("published", years=False),
        )

    def read_attainment_levels(self) -> dict[str, AttainmentLevel]:
        nodes = self.read_mapping(self.data, "readings", "kpi")
        for key in sorted({*TARGET_ORDER, "below"} ^ set(nodes)):
            self.add_fault(self.data, "readings", f"readings are base, standard, advanced and below; {key!r}")
        return {
            key: AttainmentLevel(
                self.read_text(node, "name", key, needed=True),
                self.read_sourced_number({k: v for k, v in node.items() if k != "name"}, node, key),
            )
            for key, node in nodes.items()
        }

    def read_weight(self, node: Mapping[str, Any], location: str) -> Any:
        return self.read_sourced_number({"value": node.get("weight"), "from": node.get("weight_from")}, node, location)

    def read_part(self, node: Mapping[str, Any]) -> KpiPart:
        location = str(node.get("key", "part"))
        self.check_keys(node, PART_KEYS, location)
        targets = {}
        for group, group_targets in self.read_mapping(node, "targets", location).items():
            for key in sorted(set(TARGET_ORDER) ^ set(group_targets)):
                self.add_fault(group_targets, location, f"targets are base, standard and advanced; {key!r}")
            targets[group] = {k: self.read_conditions(v, group_targets, location) for k, v in group_targets.items()}
        return KpiPart(
            location,
            self.read_text(node, "name", location, needed=True),
            self.read_text(node, "unit", location),
            self.read_weight(node, location),
            self.read_measure(node, location),
            targets,
        )

    def read_measure(self, node: Mapping[str, Any], location: str) -> KpiMeasure:
        value = node.get("measure")
        if isinstance(value, dict) and len(value) == 1:
            if isinstance(value.get("pillars_at_level"), int):
                return KpiMeasure(value["pillars_at_level"])
            if value.get("score") == "total":
                return KpiMeasure(None)
        self.add_fault(node, location, "`measure` is {pillars_at_level: N} or {score: total}")
        return KpiMeasure(None)

    def read_conditions(self, value: Any, node: Any, location: str) -> tuple[TargetCondition, ...]:
        if not isinstance(value, dict) or not value:
            self.add_fault(node, location, "a target is a mapping of conditions")
            return ()
        conditions = []
        for kind, number in value.items():
            if kind not in CONDITION_KINDS:
                self.add_fault(value, location, f"unknown condition {kind!r}")
            elif kind == "above_best":
                conditions.append(TargetCondition(kind, Decimal(0)))
            else:
                conditions.append(TargetCondition(kind, self.read_number(number, value, location)))
        return tuple(conditions)

    def read_group(self, node: Mapping[str, Any]) -> ProvinceGroup:
        location = f"group {node.get('key')}"
        self.check_keys(node, GROUP_KEYS, location)
        span = node.get("range") or {}
        members = node.get("members") or []
        if not isinstance(members, list) or len(set(members)) < len(members):
            self.add_fault(node, location, "`members` is a list of province codes, each once")
            members = []
        name = self.read_text(node, "name", location, needed=True)
        return ProvinceGroup(str(node.get("key")), name, span.get("from"), span.get("to"), frozenset(members))

    def read_grouping(self) -> GroupingRule | None:
        node = self.data.get("grouping")
        if node is None:
            return None
        self.check_keys(node, GROUPING_KEYS, "grouping")
        if node.get("keep") != "better":
            self.add_fault(node, "grouping", "`keep` is better")
        return GroupingRule(
            self.read_measure(node, "grouping"),
            self.read_whole_number(node, "new"),
            self.read_whole_number(node, "old"),
        )

    def read_numbers(self, key: str, *, years: bool) -> dict[str, dict[Any, dict[str, Decimal]]]:
        numbers: dict[str, dict[Any, dict[str, Decimal]]] = {}
        for province, rows in self.read_mapping(self.data, key, "kpi", needed=False).items():
            numbers[province] = {
                (int(row) if years else row): {
                    k: self.read_number(v, rows, f"{key} {province}") for k, v in values.items()
                }
                for row, values in rows.items()
            }
        return numbers
