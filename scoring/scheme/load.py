"""From a reviewed scheme file to a frozen Scheme, collecting every fault with its line. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from scoring.scheme.load_extensions import ExtensionReader
from scoring.scheme.load_measures import MeasureReader
from scoring.scheme.reader import ORIGINS, SchemeFileReader
from scoring.scheme.types import (
    NO_TEXT,
    Criterion,
    LevelBand,
    LevelRule,
    Origin,
    PillarScheme,
    PointStep,
    ScoringScheme,
    SourcedNumber,
    SourcedRule,
    SubPillarScheme,
    UnscoredQuestion,
)
from survey.instrument.schema import LocalizedText
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml

COMBINE_RULES = frozenset({"mean", "min", "max", "weighted"})
INDEX_RULES = frozenset({"mean", "min"})
RESPONDENT_RULES = frozenset({"mean"})
ROUNDING_RULES = frozenset({"floor", "nearest", "ceiling"})
TOP_KEYS = (
    "scheme instrument year version title sources combine levels pillars sub_pillars not_counted "
    "table_only earlier texts readings work respondents"
)
PILLAR_KEYS = "name weight from source note"
SUB_KEYS = "name pillar weight combine criteria parts share note"
LEVEL_KEYS = "bands index rounding from source"
BAND_KEYS = "level below to"
NOT_COUNTED_KEYS = "question why from source"
CRITERION_KEYS = "id name unit count steps choice points with external share source note work"


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
        self.measures = MeasureReader(self.fault, self.text)
        self.more = ExtensionReader(self)

    def build(self) -> ScoringScheme:
        """The scheme; meaningless when `faults` is not empty."""
        data = self.data
        self.known(data, TOP_KEYS, "scheme")
        for origin in self.sources:
            if origin not in ORIGINS:
                self.fault(self.sources, "sources", f"unknown origin {origin!r}")
        rule = self.choice(data, "combine", "scheme", COMBINE_RULES) or SourcedRule("mean", "assumed", NO_TEXT)
        pillars = self.pillars(rule)
        codes = [s.code for p in pillars for s in p.sub_pillars]
        ids = [c.id for p in pillars for s in p.sub_pillars for c in s.walk()]
        for what, names in (("sub-pillar", codes), ("criterion", ids)):
            for name in sorted({n for n in names if names.count(n) > 1}):
                self.fault(data, name, f"{what} is given twice")
        return ScoringScheme(
            key=str(data.get("scheme", "")),
            instrument=str(data.get("instrument", "")),
            year=self.whole(data, "year"),
            version=self.whole(data, "version"),
            title=self.text(data, "title", "scheme", needed=True),
            pillars=pillars,
            levels=self.levels(),
            not_counted=tuple(self.not_counted(n) for n in self.nodes(data, "not_counted", "scheme")),
            table_only=self.table_only,
            earlier=self.earlier(codes),
            readings=self.more.readings(self, frozenset(ids)),
            work=self.more.work([c for p in pillars for s in p.sub_pillars for c in s.walk()]),
            respondents=self.choice(data, "respondents", "scheme", RESPONDENT_RULES) if "respondents" in data else None,
        )

    def earlier(self, codes: Sequence[str]) -> dict[int, dict[str, str]]:
        out: dict[int, dict[str, str]] = {}
        for year, node in self.mapping(self.data, "earlier", "scheme", needed=False).items():
            if not year.isdigit():
                self.fault(self.data, "earlier", f"{year!r} is not a year")
                continue
            out[int(year)] = {str(k): str(v) for k, v in node.items()}
            for code in sorted(set(out[int(year)]) - set(codes)):
                self.fault(node, f"earlier {year}", f"unknown sub-pillar {code!r}")
        return out

    # -- levels -----------------------------------------------------------------------------

    def levels(self) -> LevelRule | None:
        node = self.data.get("levels")
        return None if node is None else self.level_rule(node)

    def level_rule(self, node: Any) -> LevelRule | None:
        """A rule of levels: the scheme's own, or that of a reading."""
        if not isinstance(node, dict):
            self.fault(self.data, "levels", "`levels` is a mapping")
            return None
        self.known(node, LEVEL_KEYS, "levels")
        origin, source = self.origin(node.get("from"), node.get("source"), node, "levels")
        bands = tuple(self.band(b, node) for b in self.nodes(node, "bands", "levels"))
        self.check_bands(bands, node)
        return LevelRule(
            bands,
            self.level_choice(node, "index", INDEX_RULES, origin, source),
            self.level_choice(node, "rounding", ROUNDING_RULES, origin, source),
            origin,
            source,
        )

    def level_choice(
        self, node: Mapping[str, Any], key: str, allowed: frozenset[str], origin: Origin, source: LocalizedText
    ) -> SourcedRule:
        value = node.get(key)
        if value not in allowed:
            self.fault(node, "levels", f"`{key}` is one of {', '.join(sorted(allowed))}")
        return SourcedRule(str(value), origin, source)

    def band(self, node: Mapping[str, Any], parent: Mapping[str, Any]) -> LevelBand:
        self.known(node, BAND_KEYS, "levels")
        level = node.get("level")
        if not isinstance(level, int) or isinstance(level, bool):
            self.fault(node, "levels", "a band needs a whole `level`")
            level = 0
        if "below" in node and "to" in node:
            self.fault(node, "levels", "a band has `below` (edge left out) or `to` (edge included), not both")
        edge = node.get("below", node.get("to"))
        return LevelBand(level, None if edge is None else self.number(edge, node, "levels"), "to" in node)

    def check_bands(self, bands: Sequence[LevelBand], node: Any) -> None:
        levels = [b.level for b in bands]
        if levels != list(range(1, len(levels) + 1)) or not levels:
            self.fault(node, "levels", "bands go from level 1 upwards, one by one")
        edges = [b.edge for b in bands[:-1]]
        if any(e is None for e in edges) or (bands and bands[-1].edge is not None):
            self.fault(node, "levels", "every band but the last has an edge")
        elif any(a >= b for a, b in pairwise(edges) if a is not None and b is not None):
            self.fault(node, "levels", "the edges of the bands must rise")

    # -- pillars and sub-pillars ------------------------------------------------------------

    def pillars(self, rule: SourcedRule) -> tuple[PillarScheme, ...]:
        pillars = self.mapping(self.data, "pillars", "scheme")
        subs = self.mapping(self.data, "sub_pillars", "scheme")
        out = []
        left = dict(subs)
        for number, node in pillars.items():
            where = f"pillar {number}"
            self.known(node, PILLAR_KEYS, where)
            given = {"value": node.get("weight"), "from": node.get("from"), "source": node.get("source")}
            weight, name = self.figure(given, node, where), self.text(node, "name", where)
            mine = [c for c, n in subs.items() if str(n.get("pillar", c.split(".")[0])) == number]
            built = tuple(self.sub_pillar(c, left.pop(c), rule, top=True) for c in mine)
            out.append(PillarScheme(number, weight, built, getattr(node, "line", 0), name))
        for code, node in left.items():
            self.fault(node, f"sub-pillar {code}", "belongs to no pillar of the scheme")
        return tuple(out)

    def sub_pillar(self, code: str, node: Mapping[str, Any], rule: SourcedRule, *, top: bool) -> SubPillarScheme:
        where = f"sub-pillar {code}"
        self.known(node, SUB_KEYS, where)
        if top and "weight" not in node:
            self.fault(node, where, "has no `weight`")
        parts = self.mapping(node, "parts", where, needed=False)
        criteria = tuple(self.criterion(c, where) for c in self.nodes(node, "criteria", where))
        if bool(parts) == bool(criteria) and (parts or not self.table_only):
            self.fault(node, where, "has either `criteria` or `parts`")
        if len(criteria) > 1 and any(c.external for c in criteria):
            self.fault(node, where, "an external score stands alone")
        chosen = self.choice(node, "combine", where, COMBINE_RULES) if "combine" in node else None
        sub = SubPillarScheme(
            code=code,
            rule=chosen or rule,
            name=self.text(node, "name", where),
            weight=self.figure(node["weight"], node, where) if "weight" in node else None,
            share=self.figure(node["share"], node, where) if "share" in node else None,
            criteria=criteria,
            parts=tuple(self.sub_pillar(c, n, rule, top=False) for c, n in parts.items()),
            line=getattr(node, "line", 0),
        )
        self.check_shares(sub, node)
        return sub

    def check_shares(self, sub: SubPillarScheme, node: Any) -> None:
        shares = [c.share for c in sub.criteria] + [p.share for p in sub.parts]
        weighted = sub.rule.value == "weighted"
        if weighted and any(s is None for s in shares):
            self.fault(node, f"sub-pillar {sub.code}", "`weighted` needs a `share` for each")
        elif not weighted and any(s is not None for s in shares):
            self.fault(node, f"sub-pillar {sub.code}", "`share` goes with combine: weighted")
        elif weighted and sum(s.value for s in shares if s) <= 0:
            self.fault(node, f"sub-pillar {sub.code}", "the shares must add up to more than 0")

    # -- criteria ---------------------------------------------------------------------------

    def criterion(self, node: Mapping[str, Any], where: str) -> Criterion:
        ident = str(node.get("id") or "")
        here = f"{where}: {ident or 'criterion'}"
        self.known(node, CRITERION_KEYS, here)
        if not ident:
            self.fault(node, here, "a criterion needs an `id`")
        kinds = [k for k in ("count", "choice", "external") if node.get(k)]
        if len(kinds) != 1:
            self.fault(node, here, "a criterion is one of `count`, `choice`, `external`")
        source = node.get("source")
        measure = self.measures.read(node["count"], node, here) if node.get("count") else None
        steps = self.steps(node, here) if measure else ()
        if "with" in node and not node.get("choice"):
            self.fault(node, here, "`with` stands inside `count`, or beside `choice`")
        points: dict[str, SourcedNumber] = {}
        if node.get("choice"):
            given = self.mapping(node, "points", here, plain=True)
            points = {key: self.short(value, node, here, source) for key, value in given.items()}
        external = None
        if node.get("external"):
            given_by = self.origin("external", source, node, here)[1]
            external = SourcedNumber(Decimal(100), "external", given_by)
        unit = self.text(node, "unit", here) or self.measures.unit(measure)
        return Criterion(
            id=ident,
            name=self.text(node, "name", here, needed=True),
            unit=unit,
            measure=measure,
            steps=steps,
            choice=str(node["choice"]) if node.get("choice") else None,
            points=points,
            with_=self.measures.with_(node, here),
            external=external,
            share=self.figure(node["share"], node, here) if "share" in node else None,
            note=self.text(node, "note", here),
            work=str(node.get("work") or ""),
            line=getattr(node, "line", 0),
        )

    def steps(self, node: Mapping[str, Any], where: str) -> tuple[PointStep, ...]:
        raw = node.get("steps")
        if not isinstance(raw, list) or not raw:
            self.fault(node, where, "a count needs `steps`: [[from, points, origin], …]")
            return ()
        out = []
        for step in raw:
            if not isinstance(step, list) or len(step) not in (3, 4):
                self.fault(node, where, f"a step is [from, points, origin] or with a source, found {step!r}")
                continue
            points = self.short(step[1:], node, where, node.get("source"))
            out.append(PointStep(self.number(step[0], node, where), points))
        pairs = list(pairwise(out))
        if any(a.at >= b.at for a, b in pairs):
            self.fault(node, where, "the steps must rise")
        if any(a.points.value > b.points.value for a, b in pairs):
            self.fault(node, where, "more never gives fewer points: the points of the steps must not fall")
        return tuple(out)

    def not_counted(self, node: Mapping[str, Any]) -> UnscoredQuestion:
        where = f"not_counted {node.get('question')}"
        self.known(node, NOT_COUNTED_KEYS, where)
        origin, source = self.origin(node.get("from"), node.get("source"), node, where)
        why = self.text(node, "why", where, needed=True)
        return UnscoredQuestion(str(node.get("question", "")), why, origin, source, getattr(node, "line", 0))
