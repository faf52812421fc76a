"""The governor's page: everything needed to decide, on one screen of a phone or a desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from scoring.engine.explain import format_number
from scoring.engine.levels import round_score
from scoring.engine.queries import ScoredResponse, score_response
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.queries import KpiRange, evaluate_kpi_range
from scoring.kpi.types import KpiResult
from scoring.results.queries import PublishedResults, list_results_before
from scoring.scheme import registry
from survey.access import get_provincial_response
from survey.approval.review import ReviewState, allowed_transitions, count_by_kind, open_points_of, read_review_state
from survey.approval.views.check import POINT_KINDS
from survey.committee import queries as committee
from survey.instrument.progress import progress_by_section, total_progress
from survey.models import FrozenResponse, Response, Round

PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class PillarBar:
    """A pillar as a bar: its score, level and change from the last published result."""

    number: str
    name: str
    weight: str
    score: str
    range: str
    width: str
    level: int | None
    change: str
    better: bool


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """The score in words and bars."""

    sheet: ScoreSheet
    total: str
    level_name: str
    last: PublishedResults | None
    last_total: str
    change: str
    better: bool
    range: tuple[str, str] | None
    unknown: tuple[str, ...]
    bars: tuple[PillarBar, ...]
    kpi: KpiResult | None
    kpi_range: KpiRange | None


@require_safe
@allow(Capability.RESPONSE_READ)
def brief(request: SignedInRequest, pk: int) -> HttpResponse:
    """Score, change, KPI, open points, evidence, progress, dates, and what can be decided now."""
    response = get_provincial_response(request.user, pk, Capability.RESPONSE_READ)
    stands = read_review_state(response, comments=not response.is_before_governor)
    progress = total_progress(progress_by_section(stands.path, stands.marked))
    now = timezone.now()
    taken = committee.response_steps(response)
    endorsement = committee.read_endorsement(response, taken)
    context = {
        "response": response,
        "card": score_card(response),
        "points": _open_points(response, stands),
        "progress": progress,
        "proven": progress.evidence - progress.missing_evidence,
        "files": stands.files,
        "dates": list(_round_dates(response.round, now)),
        "left": time_left(response.round.closes_at, now),
        "now": now,
        "words": _time_left_texts(),
        "closed": response.round.is_closed(now),
        "frozen": _valid_version(response),
        "submission": taken[0] if response.state == Response.State.SUBMITTED else None,
        "approval": taken[0] if response.state == Response.State.APPROVED else None,
        "endorsement": endorsement,
        "touched": committee.touched_questions(response.round, endorsement, reader_language()) if endorsement else [],
        "may_extend": request.user.has(Capability.ROUND_MANAGE, province_id=response.round.province_id),
        "steps": allowed_transitions(request, response),
    }
    return render(request, "survey/approval/brief.html", context)


def _valid_version(response: Response) -> FrozenResponse | None:
    if response.state != Response.State.APPROVED:
        return None
    rows = FrozenResponse.objects.filter(response=response, voided_at=None)
    return rows.select_related("approved_by").defer("content").first()


def _open_points(response: Response, stands: ReviewState) -> dict[str, Any]:
    """The open points: as submitted, with their reasons, or as they are now."""
    language = reader_language()
    counted: dict[str, int] = {}
    lines: list[dict[str, str]] = []
    if not response.is_before_governor:
        counted = count_by_kind(open_points_of(response, stands))
    else:
        for point in response.open_points:
            counted[point["kind"]] = counted.get(point["kind"], 0) + 1
            section = stands.path.instrument.by_section.get(point["section"])
            lines.append(
                {
                    "text": point["say"][language],
                    "reason": point["reason"],
                    "code": (section.sub_pillar or "") if section else "",
                }
            )
    kinds = [(label, counted[kind]) for kind, (label, _icon) in POINT_KINDS.items() if kind in counted]
    return {"count": sum(counted.values()), "kinds": kinds, "lines": lines, "stated": response.is_before_governor}


def score_card(response: Response) -> ScoreCard | None:
    """The score beside last year's, or None where this year has no scoring scheme."""
    try:
        found = score_response(response)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None
    language, sheet, whole = reader_language(), found.sheet, found.ranges.total
    province = response.round.province
    past = list_results_before(province, response.round.year)
    last = next((y for y in past if y.total(PROVINCE) is not None), None)
    before = last.score(PROVINCE, "total", "total") if last else None
    name = registry.get_level_names().get(sheet.level) if sheet.level else None
    ends = evaluate_kpi_range(province, found, past)
    return ScoreCard(
        sheet=sheet,
        total=_score_text(sheet.total),
        level_name=name.short.to(language) if name else "",
        last=last,
        last_total=_score_text(before),
        change=_change_text(sheet.total, before),
        better=_is_better(sheet.total, before),
        range=(_score_text(whole.low), _score_text(whole.high)) if whole.is_open else None,
        unknown=sheet.unknown,
        bars=tuple(_pillar_bars(found, last, language)),
        kpi=ends.best if ends else None,
        kpi_range=ends if ends and ends.is_open else None,
    )


def _pillar_bars(found: ScoredResponse, last: PublishedResults | None, language: str) -> Iterator[PillarBar]:
    for pillar in found.sheet.pillars:
        span = found.ranges.pillars[pillar.number]
        before = last.score(PROVINCE, "pillar", pillar.number) if last else None
        yield PillarBar(
            number=pillar.number,
            name=pillar.name.to(language),
            weight=format_number(pillar.weight.value),
            score=_score_text(pillar.score),
            range=f"{_score_text(span.low)}–{_score_text(span.high)}" if span.is_open else "",
            width=f"{round_score(pillar.score or Decimal(0)):f}",
            level=pillar.level,
            change=_change_text(pillar.score, before),
            better=_is_better(pillar.score, before),
        )


def _score_text(value: Decimal | None) -> str:
    return "–" if value is None else f"{round_score(value):f}"


def _change_text(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return ""
    change = round_score(now) - before
    return "0.00" if not change else f"{change:+f}".replace("-", "−")


def _is_better(now: Decimal | None, before: Decimal | None) -> bool:
    return now is not None and before is not None and round_score(now) >= before


def _round_dates(round_: Round, now: datetime) -> Iterator[dict[str, Any]]:
    today = timezone.localdate(now)
    for name in ("opens_on", "agency_due", "committee_on"):
        day: date = getattr(round_, name)
        label = Round._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        yield {"label": label, "day": day, "past": day < today, "left": _days_text(day, today)}


def _days_text(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return _("ผ่านแล้ว")
    if days == 0:
        return _("วันนี้")
    return ngettext("อีก %(days)d วัน", "อีก %(days)d วัน", days) % {"days": days}


def time_left(until: datetime, now: datetime) -> str:
    """The time until the round closes, in the two greatest units; empty when it is over."""
    rest = until - now
    if rest < timedelta(0):
        return ""
    minutes = int(rest.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    unit = "days" if days else "hours" if hours else "minutes"
    return _time_left_texts()[unit] % {"days": days, "hours": hours, "minutes": minutes}


def _time_left_texts() -> dict[str, str]:
    """What is left in words, by the greatest unit; the page's script fills them in as time goes on."""
    return {
        "days": _("อีก %(days)d วัน %(hours)d ชั่วโมง"),
        "hours": _("อีก %(hours)d ชั่วโมง %(minutes)d นาที"),
        "minutes": _("อีก %(minutes)d นาที"),
    }
