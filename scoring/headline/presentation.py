"""The headline as pages show it: the reader's language, links to where a step is done, the chart of the total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from dgready.language import localize_text
from scoring.engine.form_links import link_to_form
from scoring.engine.range_chart import RangeChart, build_range_chart
from scoring.engine.sheet import ScoreSheet
from scoring.headline.answered import has_answers
from scoring.headline.first_steps import FirstStep
from scoring.headline.queries import Headline, YearResults
from scoring.headline.sentence import describe_level_chance, format_chance
from scoring.kpi.types import KpiPartResult, KpiTarget
from scoring.results.queries import PROVINCE
from scoring.scheme.wording import origin_mark
from scoring.uncertainty.summary import Interval
from survey.models import Response


@dataclass(frozen=True, slots=True)
class StepView:
    """A first step as shown; `url`: where it is done, empty for readers who may not."""

    text: str
    gain: str
    url: str


@dataclass(frozen=True, slots=True)
class HeadlineView:
    """The headline in the reader's language."""

    sentence: str
    steps: tuple[StepView, ...]
    chart: RangeChart
    interval: Interval
    level_chance: str
    kpi_interval: Interval | None


def show_headline(
    response: Response, headline: Headline, results: YearResults, *, may_enter: bool = False
) -> HeadlineView:
    """The headline for the reader of a page. `may_enter`: the reader enters scores from outside."""
    return HeadlineView(
        sentence=localize_text(headline.sentence.text),
        steps=tuple(_show_step(response, headline, step, may_enter) for step in headline.steps),
        chart=_total_chart(headline, results),
        interval=headline.uncertainty.total,
        level_chance=_level_chance(headline),
        kpi_interval=headline.uncertainty.kpi.points if headline.uncertainty.kpi else None,
    )


def _show_step(response: Response, headline: Headline, step: FirstStep, may_enter: bool) -> StepView:
    url = ""
    if step.address:
        url = link_to_form(headline.scored.instrument, response.pk, step.address, proof=step.is_place)
    elif may_enter:
        url = reverse("scoring:externals", args=[response.pk])
    return StepView(localize_text(step.text), localize_text(step.gain), url)


def _total_chart(headline: Headline, results: YearResults) -> RangeChart:
    """The total now, with all proof, and as last published."""
    last = results.own or next((year for year in results.past if year.total(PROVINCE)), None)
    marks = [(_("ขณะนี้"), headline.scored.sheet.total), (_("ถ้าแนบหลักฐานครบ"), headline.outlook.proven.total)]
    if last is not None:
        published = last.score(PROVINCE, "total", "total")
        name = _("ผลที่ประกาศปี %(year)s") % {"year": last.year}
        marks.append((f"{name} {origin_mark(published)}".rstrip(), published))
    total = headline.uncertainty.total
    interval = (total.low, total.high) if has_answers(headline.scored.sheet) else None
    return build_range_chart(_("คะแนนรวมบนเส้น 0–100"), marks, _("ช่วงที่น่าจะเป็น 90 %"), interval)


def _level_chance(headline: Headline) -> str:
    """How probable the level of the total is, in words; empty where it is not known."""
    return localize_text(describe_level_chance(headline.scored.sheet.level, headline.uncertainty.level_chances))


class KpiTargetRow(NamedTuple):
    """A target of the KPI as shown, with how probable it is that the target is reached ("" where not known)."""

    target: KpiTarget
    certain: bool
    possible: bool
    chance: str


class KpiPartRow(NamedTuple):
    """A part of the KPI at its best estimate, lowest and highest, with its targets."""

    part: KpiPartResult
    low: KpiPartResult
    high: KpiPartResult
    targets: list[KpiTargetRow]


def list_kpi_rows(headline: Headline) -> list[KpiPartRow]:
    """The parts of the KPI as shown."""
    chances = headline.uncertainty.kpi.parts if headline.uncertainty.kpi else {}

    def chance(part: KpiPartResult, target: KpiTarget) -> str:
        found = chances.get(part.key, {}).get(target.key)
        return "" if found is None else localize_text(format_chance(found))

    return [
        KpiPartRow(part, low, high, [KpiTargetRow(*one, chance(part, one.target)) for one in targets])
        for part, low, high, targets in (headline.kpi.rows() if headline.kpi else [])
    ]


@dataclass(frozen=True, slots=True)
class EstimateView:
    """A score from outside that nobody entered, as estimated: its sub-pillar, figures, and what it rests on."""

    code: str
    name: str
    score: Decimal
    low: Decimal
    high: Decimal
    source: str


def list_estimates(sheet: ScoreSheet) -> tuple[EstimateView, ...]:
    """The estimated outside scores of a sheet, in the reader's language."""
    names = {sub.code: localize_text(sub.name) for sub in sheet.sub_pillars}
    return tuple(
        EstimateView(one.code, names[one.code], one.marked, one.low, one.high, localize_text(one.source))
        for one in sheet.estimated_outside
    )
