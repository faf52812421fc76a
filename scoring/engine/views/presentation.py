"""Presenter of the score pages: builds their views from a score sheet and published results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dgready.language import localize_text
from scoring.comparing.own_result import OwnResult
from scoring.engine import charts
from scoring.engine.explain import format_number
from scoring.engine.form_links import link_to_form
from scoring.engine.level_five import level_five_standing
from scoring.engine.queries import ScoredResponse
from scoring.engine.recommendations import list_recommendations
from scoring.engine.shares import compute_score_shares
from scoring.engine.sheet import CriterionScore, PillarScore, SubPillarScore
from scoring.engine.trace import MeasureTrace, TraceLeaf
from scoring.engine.views.view_types import CriterionView, LeafView, PillarView, RecommendationView, SubPillarView
from scoring.headline.sentence import describe_level_chance
from scoring.results.queries import PublishedResults
from scoring.scheme import registry
from scoring.scheme.earlier import earlier_codes
from scoring.scheme.level_five import asks_by_criterion
from scoring.scheme.wording import ORIGIN_NAMES, origin_mark
from scoring.uncertainty.summary import ScoreUncertainty

STATE_NAMES: Mapping[str, Promise] = {
    "counted": gettext_lazy("นับแล้ว"),
    "no_evidence": gettext_lazy("ยังไม่มีหลักฐานที่ทำเครื่องหมาย"),
    "contradicts": gettext_lazy("ขัดกับคำตอบอื่น"),
    "other": gettext_lazy("ตอบเป็นอย่างอื่นซึ่งไม่นับ"),
    "not_given": gettext_lazy("ยังไม่ได้ตอบหรือยังไม่มี"),
    "off": gettext_lazy("ยังไม่เปิดให้ตอบ"),
}
RULE_NAMES: Mapping[str, Promise] = {
    "mean": gettext_lazy("เฉลี่ยจากทุกเกณฑ์"),
    "min": gettext_lazy("ใช้เกณฑ์ที่ได้น้อยที่สุด"),
    "max": gettext_lazy("ใช้เกณฑ์ที่ได้มากที่สุด"),
    "weighted": gettext_lazy("เฉลี่ยตามน้ำหนักของเกณฑ์"),
}


def get_level_name(level: int | None) -> str:
    """The name of a level, or nothing."""
    level_name = registry.get_level_names().get(level or 0)
    return localize_text(level_name.short) if level_name else ""


class ScorePresenter:
    """Turns a sheet into views, for one response and reader."""

    def __init__(
        self,
        scored: ScoredResponse,
        response_id: int,
        past: list[PublishedResults],
        uncertainty: ScoreUncertainty | None = None,
        own: OwnResult | None = None,
    ) -> None:
        self.uncertainty = uncertainty
        self.instrument = scored.instrument
        self.response_id = response_id
        self.sheet = scored.sheet
        self.ranges = scored.ranges
        self.asks = asks_by_criterion(scored.instrument, scored.scheme)
        self.shares = compute_score_shares(scored.sheet)
        self.past = past
        self.earlier_codes = {y.year: earlier_codes(scored.scheme, scored.instrument, y.year) for y in past}
        self.columns = _list_published_columns(past)
        self.own_pillars = {p.number: p for p in own.pillars} if own else {}
        self.own_subs = {s.code: s for s in own.sub_pillars} if own else {}

    def pillars(self) -> tuple[PillarView, ...]:
        """All pillars with their sub-pillars, without the trees below these."""
        return tuple(self.pillar(p, tuple(self.sub(s) for s in p.sub_pillars)) for p in self.sheet.pillars)

    def tree(self, code: str) -> PillarView | None:
        """The pillar of a sub-pillar with this one only and its whole tree, or None where there is no such one."""
        for pillar in self.sheet.pillars:
            for sub in pillar.sub_pillars:
                if sub.code == code:
                    return self.pillar(pillar, (self.sub(sub, tree=True),))
        return None

    def pillar(self, pillar: PillarScore, subs: tuple[SubPillarView, ...]) -> PillarView:
        """A pillar with these of its sub-pillars."""
        return PillarView(
            score=pillar,
            name=localize_text(pillar.name),
            level_name=get_level_name(pillar.level),
            origin=str(ORIGIN_NAMES[pillar.weight.origin]),
            sub_pillars=subs,
            span=self.ranges.pillars[pillar.number],
            published=tuple(self.published("pillar", pillar.number)),
            likely=self.uncertainty.pillars.get(pillar.number) if self.uncertainty else None,
            chance=self.level_chance(pillar),
            own=self.own_pillars.get(pillar.number),
        )

    def level_chance(self, pillar: PillarScore) -> str:
        """How probable the pillar's level is, in words; empty where it is not known."""
        chances = self.uncertainty.pillar_level_chances.get(pillar.number, {}) if self.uncertainty else {}
        return localize_text(describe_level_chance(pillar.level, chances))

    def published(self, kind: str, code: str) -> list[Decimal | None]:
        """The published figures of a pillar or the total, column by column."""
        return [year.score(subject, kind, code) for year, subject, _heading in self.columns]

    def sub(self, sub: SubPillarScore, *, parent: bool = True, tree: bool = False) -> SubPillarView:
        """A sub-pillar or part, with the tree below it where asked for."""
        earlier: list[tuple[str, Decimal]] = []
        if parent:
            for year, subject, heading in self.columns:
                code = self.earlier_codes.get(year.year, {}).get(sub.code, "")
                if (figure := year.score(subject, "sub_pillar", code)) is not None:
                    earlier.append((heading, figure))
        advised = list_recommendations(self.sheet, sub) if parent and tree else ()
        return SubPillarView(
            score=sub,
            name=localize_text(sub.name),
            level_name=get_level_name(sub.level),
            origin=str(ORIGIN_NAMES[sub.weight.origin]) if sub.weight else "",
            rule=str(RULE_NAMES[sub.rule]) if len(sub.criteria) + len(sub.parts) > 1 else "",
            criteria=tuple(self.criterion(c) for c in sub.criteria) if tree else (),
            parts=tuple(self.sub(p, parent=False, tree=True) for p in sub.parts) if tree else (),
            earlier=tuple(earlier),
            span=self.ranges.sub_pillars[sub.code],
            advice=tuple(RecommendationView(localize_text(a.text), localize_text(a.source_text)) for a in advised),
            own=self.own_subs.get(sub.code) if parent else None,
        )

    def criterion(self, criterion: CriterionScore) -> CriterionView:
        """A criterion with links to what counts and what does not."""
        return CriterionView(
            score=criterion,
            name=localize_text(criterion.name),
            reason=localize_text(criterion.reason),
            origin=str(ORIGIN_NAMES[criterion.origin]),
            is_assumed=criterion.origin in ("assumed", "estimated"),
            parts=tuple(_list_named_parts(criterion.trace)),
            missing=tuple(self.leaf(x) for x in criterion.missing),
            counted=tuple(self.leaf(x) for x in criterion.counted),
            share=self.shares.get(criterion.id),
            span=self.ranges.criteria[criterion.id],
            level_five=(level_five_standing(ask, criterion),) if (ask := self.asks.get(criterion.id)) else (),
        )

    def leaf(self, leaf: TraceLeaf) -> LeafView:
        """A leaf with a link to its question or evidence place."""
        url = self.url(leaf.address, proof=leaf.state == "no_evidence")
        given = leaf.state in ("counted", "no_evidence", "contradicts")  # else the places are not open on the form
        places = [self.url(place, proof=True) for place in leaf.evidence_places] if given else []
        proofs = tuple(place for place in places if place != url)
        return LeafView(localize_text(leaf.label), leaf.state, str(STATE_NAMES[leaf.state]), url, proofs)

    def url(self, address: str, *, proof: bool) -> str:
        """Where an answer, or the evidence of one, is on the form."""
        return link_to_form(self.instrument, self.response_id, address, proof=proof)

    # -- charts -----------------------------------------------------------------------------

    def radar(self) -> charts.RadarChart:
        """This sheet, the province's last published result, and the average."""
        series = [charts.ChartSeries(_("ประมาณการปีนี้"), [p.score for p in self.sheet.pillars])]
        for year, subject, heading in self.columns:
            if subject in ("province", "average") and year is self.past[0]:
                scores = [year.score(subject, "pillar", p.number) for p in self.sheet.pillars]
                series.append(charts.ChartSeries(f"{heading} {_any_mark(scores)}".rstrip(), scores))
        labels = [p.number for p in self.sheet.pillars]
        names = [f"{p.number} {localize_text(p.name)}" for p in self.sheet.pillars]
        return charts.build_radar_chart(_("คะแนนรายตัวชี้วัด"), labels, names, series)

    def bars(self) -> charts.BarChart:
        """Each pillar's score in the colour of its level, last year's result marked."""
        last = next((y for y in self.past if y.has_subject("province")), None)
        rows = [
            (
                p.number,
                localize_text(p.name),
                p.score,
                p.level,
                last.score("province", "pillar", p.number) if last else None,
            )
            for p in self.sheet.pillars
        ]
        mark = _("ผลที่ประกาศปี %(year)s") % {"year": last.year} if last else ""
        mark = f"{mark} {_any_mark([before for *_rest, before in rows])}".rstrip()
        likely = self.uncertainty.pillars if self.uncertainty else {}
        intervals = [likely.get(p.number) for p in self.sheet.pillars]
        ranges = [(one.low, one.high) if one and one.low < one.high else None for one in intervals]
        levels = {level: localize_text(name.short) for level, name in registry.get_level_names().items()}
        return charts.build_bar_chart(
            _("คะแนนและระดับรายตัวชี้วัด"), rows, mark, ranges, range_name=_("ช่วงที่น่าจะเป็น 90 %"), levels=levels
        )


def _list_published_columns(past: list[PublishedResults]) -> list[tuple[PublishedResults, str, str]]:
    """The columns of published figures: year, subject, heading; average and best of the newest year only."""
    columns = []
    names = {"province": _("จังหวัดนี้"), "average": _("เฉลี่ย"), "rank-1": _("อันดับ 1")}
    for index, year in enumerate(past):
        for subject in ("province", "average", "rank-1") if index == 0 else ("province",):
            if year.has_subject(subject):
                columns.append((year, subject, f"{names[subject]} {year.year}"))
    return columns


def _any_mark(scores: Sequence[Decimal | None]) -> str:
    """The mark of the first of these scores that is not official."""
    return next((mark for value in scores if (mark := origin_mark(value))), "")


def _list_named_parts(trace: MeasureTrace) -> list[tuple[str, str]]:
    """The named parts of a sum with what they came to: ("Basic systems", "6 / 10")."""
    named_parts = []
    for part in trace.parts:
        if part.name:
            value = format_number(part.value)
            named_parts.append(
                (localize_text(part.name), f"{value} / {format_number(part.full)}" if part.full else value)
            )
    return named_parts
