"""Loading a reviewed scheme file into a frozen ScoringScheme, collecting every fault with its line. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoring.scheme.load_criteria import CriterionReader
from scoring.scheme.load_extensions import ExtensionReader
from scoring.scheme.load_levels import LevelRuleReader
from scoring.scheme.load_uncertainty import UncertaintyReader
from scoring.scheme.reader import ORIGINS, SchemeFileReader
from scoring.scheme.sourced import NO_TEXT, SourcedRule
from scoring.scheme.types import (
    LevelRule,
    PillarScheme,
    ScoringScheme,
    SubPillarScheme,
    UnscoredQuestion,
)
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml

COMBINE_RULES = frozenset({"mean", "min", "max", "weighted"})
RESPONDENT_RULES = frozenset({"mean"})
TOP_KEYS = (
    "scheme instrument year version title sources combine levels pillars sub_pillars not_counted "
    "table_only earlier texts readings work respondents score_bands uncertainty form_version"
)
PILLAR_KEYS = "name weight from source note"
SUB_KEYS = "name pillar weight combine criteria parts share note"
NOT_COUNTED_KEYS = "question why from source"


def parse_scheme(text: str) -> tuple[ScoringScheme | None, list[Fault]]:
    """The scheme of a file and all its faults in line order; no scheme if there is any."""
    try:
        data = read_yaml(text)
    except SourceError as error:
        return None, [Fault(0, "file", str(error))]
    builder = SchemeBuilder(data)
    scheme = builder.build()
    faults = sorted(set(builder.faults))
    return (None if faults else scheme), faults


class SchemeBuilder(SchemeFileReader):
    """Builds the scheme; `faults` lists everything that is wrong, each with its line."""

    def __init__(self, data: SourceNode) -> None:
        super().__init__(data)
        self.table_only = data.get("table_only") is True
        self.levels = LevelRuleReader(self)
        self.criteria = CriterionReader(self)
        self.extensions = ExtensionReader(self)

    def build(self) -> ScoringScheme:
        """The scheme; meaningless when `faults` is not empty."""
        data = self.data
        self.check_keys(data, TOP_KEYS, "scheme")
        for origin in self.sources:
            if origin not in ORIGINS:
                self.add_fault(self.sources, "sources", f"unknown origin {origin!r}")
        rule = self.read_rule(data, "combine", "scheme", COMBINE_RULES) or SourcedRule("mean", "assumed", NO_TEXT)
        pillars = self.read_pillars(rule)
        codes = [s.code for p in pillars for s in p.sub_pillars]
        ids = [c.id for p in pillars for s in p.sub_pillars for c in s.walk()]
        for what, names in (("sub-pillar", codes), ("criterion", ids)):
            for name in sorted({n for n in names if names.count(n) > 1}):
                self.add_fault(data, name, f"{what} is given twice")
        readings = self.extensions.read_readings(self.levels, frozenset(ids))
        subs = [s for p in pillars for s in p.sub_pillars]
        return ScoringScheme(
            key=str(data.get("scheme", "")),
            instrument=str(data.get("instrument", "")),
            year=self.read_whole_number(data, "year"),
            version=self.read_whole_number(data, "version"),
            title=self.read_text(data, "title", "scheme", needed=True),
            pillars=pillars,
            levels=self.read_levels(),
            not_counted=tuple(self.read_not_counted(n) for n in self.read_list(data, "not_counted", "scheme")),
            table_only=self.table_only,
            earlier_codes=self.read_earlier_codes(codes),
            readings=readings,
            work_kinds=self.extensions.read_work_kinds([c for s in subs for c in s.walk()]),
            respondents=self.read_respondents(),
            score_bands=self.extensions.read_score_bands(),
            uncertainty=UncertaintyReader(self, self.criteria.measures).read(subs, readings),
        )

    def read_respondents(self) -> SourcedRule | None:
        if "respondents" not in self.data:
            return None
        return self.read_rule(self.data, "respondents", "scheme", RESPONDENT_RULES)

    def read_earlier_codes(self, codes: Sequence[str]) -> dict[int, dict[str, str]]:
        codes_by_year: dict[int, dict[str, str]] = {}
        for year, node in self.read_mapping(self.data, "earlier", "scheme", needed=False).items():
            if not year.isdigit():
                self.add_fault(self.data, "earlier", f"{year!r} is not a year")
                continue
            codes_by_year[int(year)] = {str(k): str(v) for k, v in node.items()}
            for code in sorted(set(codes_by_year[int(year)]) - set(codes)):
                self.add_fault(node, f"earlier {year}", f"unknown sub-pillar {code!r}")
        return codes_by_year

    def read_levels(self) -> LevelRule | None:
        node = self.data.get("levels")
        return None if node is None else self.levels.read_level_rule(node)

    def read_pillars(self, rule: SourcedRule) -> tuple[PillarScheme, ...]:
        pillars = self.read_mapping(self.data, "pillars", "scheme")
        subs = self.read_mapping(self.data, "sub_pillars", "scheme")
        pillar_schemes = []
        unassigned = dict(subs)
        for number, node in pillars.items():
            location = f"pillar {number}"
            self.check_keys(node, PILLAR_KEYS, location)
            weight_node = {"value": node.get("weight"), "from": node.get("from"), "source": node.get("source")}
            weight, name = self.read_sourced_number(weight_node, node, location), self.read_text(node, "name", location)
            own_codes = [c for c, n in subs.items() if str(n.get("pillar", c.split(".")[0])) == number]
            sub_pillars = tuple(self.read_sub_pillar(c, unassigned.pop(c), rule, top=True) for c in own_codes)
            pillar_schemes.append(PillarScheme(number, weight, sub_pillars, getattr(node, "line", 0), name))
        for code, node in unassigned.items():
            self.add_fault(node, f"sub-pillar {code}", "belongs to no pillar of the scheme")
        return tuple(pillar_schemes)

    def read_sub_pillar(self, code: str, node: Mapping[str, Any], rule: SourcedRule, *, top: bool) -> SubPillarScheme:
        location = f"sub-pillar {code}"
        self.check_keys(node, SUB_KEYS, location)
        if top and "weight" not in node:
            self.add_fault(node, location, "has no `weight`")
        parts = self.read_mapping(node, "parts", location, needed=False)
        criteria = tuple(self.criteria.read_criterion(c, location) for c in self.read_list(node, "criteria", location))
        if bool(parts) == bool(criteria) and (parts or not self.table_only):
            self.add_fault(node, location, "has either `criteria` or `parts`")
        if len(criteria) > 1 and any(c.external for c in criteria):
            self.add_fault(node, location, "an external score stands alone")
        own_rule = self.read_rule(node, "combine", location, COMBINE_RULES) if "combine" in node else None
        sub = SubPillarScheme(
            code=code,
            rule=own_rule or rule,
            name=self.read_text(node, "name", location),
            weight=self.read_sourced_number(node["weight"], node, location) if "weight" in node else None,
            share=self.read_sourced_number(node["share"], node, location) if "share" in node else None,
            criteria=criteria,
            parts=tuple(self.read_sub_pillar(c, n, rule, top=False) for c, n in parts.items()),
            line=getattr(node, "line", 0),
        )
        self.check_shares(sub, node)
        return sub

    def check_shares(self, sub: SubPillarScheme, node: Any) -> None:
        shares = [c.share for c in sub.criteria] + [p.share for p in sub.parts]
        weighted = sub.rule.value == "weighted"
        if weighted and any(s is None for s in shares):
            self.add_fault(node, f"sub-pillar {sub.code}", "`weighted` needs a `share` for each")
        elif not weighted and any(s is not None for s in shares):
            self.add_fault(node, f"sub-pillar {sub.code}", "`share` goes with combine: weighted")
        elif weighted and sum(s.value for s in shares if s) <= 0:
            self.add_fault(node, f"sub-pillar {sub.code}", "the shares must add up to more than 0")

    def read_not_counted(self, node: Mapping[str, Any]) -> UnscoredQuestion:
        location = f"not_counted {node.get('question')}"
        self.check_keys(node, NOT_COUNTED_KEYS, location)
        origin, source = self.read_origin(node.get("from"), node.get("source"), node, location)
        why = self.read_text(node, "why", location, needed=True)
        return UnscoredQuestion(str(node.get("question", "")), why, origin, source, getattr(node, "line", 0))
