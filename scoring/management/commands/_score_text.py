"""Plain text of `manage.py score`: the lines of a score and of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from scoring.comparing.own_result import OwnResult
from scoring.engine.as_json import format_decimal, format_quantity
from scoring.engine.review_standing import ReviewStanding
from scoring.engine.sheet import CriterionScore, ScoreSheet, SubPillarScore
from scoring.headline.queries import Headline
from scoring.headline.sentence import format_chance, format_interval
from scoring.kpi.types import KpiResult, KpiTarget
from scoring.planning.outlook import Outlook, serialize_outlook
from scoring.scheme.marked import OFFICIAL, origin_of


def write_headline_lines(headline: Headline) -> Iterator[str]:
    """The one sentence, what to do first, and the likely intervals with the chances of the levels."""
    yield headline.sentence.text.en
    for number, step in enumerate(headline.steps, 1):
        yield f"  {number}. {step.text.en}: {step.gain.en}"
    uncertainty = headline.uncertainty
    for pillar, interval in uncertainty.pillars.items():
        chances = uncertainty.pillar_level_chances.get(pillar, {})
        levels = ", ".join(f"level {level} {format_chance(one).en}" for level, one in chances.items() if one)
        yield f"  pillar {pillar}: 90 % interval {format_interval(interval)}; {levels}"


def write_outlook_line(outlook: Outlook) -> str:
    told = {key: value or "-" for key, value in serialize_outlook(outlook).items() if isinstance(value, str | None)}
    return (
        "now {now}, with what a reviewer rejected {claimed}, with all proof {proven}, "
        'finished with "no" {finished_no}, finished with "yes" {finished_yes}'
    ).format(**told)


def write_official_line(own: OwnResult) -> str:
    rank = f", rank {own.rank}" if own.rank else ""
    level = f", level {own.level}" if own.level else ""
    told = f"official result {own.year}: {format_decimal(own.total) or '-'}{level}{rank} (edition {own.edition_name})"
    if own.difference is not None:
        told += f"; the estimate differs by {own.difference:+f}"
    return told + "".join(f"; edition {one.edition_name}: {format_decimal(one.total)}" for one in own.earlier)


def write_kpi_lines(kpi: KpiResult) -> Iterator[str]:
    group = kpi.group.name.th if kpi.group else "group cannot be told"
    points = f"{format_decimal(kpi.points)} / {format_decimal(kpi.weight)}"
    yield f"{kpi.name.th}: {group}, {kpi.unknown.en if kpi.unknown else points}"
    for part in kpi.parts:
        now = "no score yet" if part.current is None else format_quantity(part.current)
        targets = " / ".join("?" if t.reached is None else _asked(t) for t in part.targets) or "?"
        reading = "cannot be told" if part.reading is None else format_quantity(part.reading)
        yield f"  {part.name.th}: {now} ({targets}) → {reading}"
    if kpi.missing:
        yield f"  no result entered: {', '.join(map(str, kpi.missing))}"


def _asked(target: KpiTarget) -> str:
    """What a target asks for, in the language of the KPI files."""
    if target.needed is not None:
        return f"{'>' if target.above else ''}{format_quantity(target.needed)}"
    return " and ".join(f"{c.kind} {format_quantity(c.value)}" for c in target.conditions)


def write_review_line(standing: ReviewStanding) -> str:
    """How far the evidence is reviewed, and both totals where something is rejected."""
    counts = f"{standing.accepted} accepted, {standing.rejected} rejected, {standing.unreviewed} not reviewed"
    if not standing.rejected:
        return f"evidence: {counts}"
    claimed, reviewed = format_decimal(standing.claimed.total), format_decimal(standing.reviewed.total)
    return f"evidence: {counts}; total as claimed {claimed}, as reviewed {reviewed}"


def write_sheet_lines(sheet: ScoreSheet) -> Iterator[str]:
    word = "estimated" if sheet.estimated else "final"
    yield f"{sheet.instrument} {sheet.year}: {format_decimal(sheet.total) or '-'} ({word}), level {sheet.level or '-'}"
    if sheet.unknown and not sheet.estimated_outside:
        known, low, high = format_decimal(sheet.known_weight), format_decimal(sheet.low), format_decimal(sheet.high)
        yield f"known: {known} % of the weight, so {low} to {high}; not entered: {', '.join(sheet.unknown)}"
    for one in sheet.estimated_outside:
        yield f"estimated from outside: {one.code} {one.score:f} ({one.low:f} to {one.high:f}), {one.source.en}"
    for pillar in sheet.pillars:
        weight, score = format_decimal(pillar.weight.value), format_decimal(pillar.score) or "-"
        yield f"{pillar.number} {pillar.name.th}: {score}, level {pillar.level or '-'}, weight {weight}"
        for sub in pillar.sub_pillars:
            yield from _sub_pillar_lines(sub, "  ")


def _sub_pillar_lines(sub: SubPillarScore, pad: str) -> Iterator[str]:
    origin = origin_of(sub.score)
    mark = "" if origin == OFFICIAL else f" [{origin}]"
    yield f"{pad}{sub.code} {sub.name.th}: {format_decimal(sub.score) or '-'}{mark}"
    for criterion in sub.criteria:
        yield from _criterion_lines(criterion, pad + "  ")
    for part in sub.parts:
        yield from _sub_pillar_lines(part, pad + "  ")


def _criterion_lines(criterion: CriterionScore, pad: str) -> Iterator[str]:
    points = f"{format_decimal(criterion.points) or '-'}/{format_decimal(criterion.maximum)}"
    yield f"{pad}- {criterion.name.th}: {points} [{criterion.origin}]"
    yield f"{pad}  {criterion.reason.th}"
    if missing := [leaf.address for leaf in criterion.missing]:
        yield f"{pad}  missing: {', '.join(missing)}"
