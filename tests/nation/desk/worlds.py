"""A nation for the desk: real provinces with rounds of one year, their figures as a count would have left them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import yaml
from django.utils import timezone

from accounts.models import Province
from dgready.thai import thai_sort_key
from nation.models import ProvinceFigures
from scoring.models import OfficialResult
from survey.models import Instrument, Response, Round
from tests.flow import end_of
from tests.trial import publish

ROOT = Path(__file__).resolve().parents[3]


def make_provinces(number: int) -> list[Province]:
    """The first provinces of the reviewed file; those that are there already stay."""
    rows = yaml.safe_load((ROOT / "fixtures" / "provinces.yaml").read_text(encoding="utf-8"))["provinces"][:number]
    there = set(Province.objects.values_list("code", flat=True))
    Province.objects.bulk_create(
        Province(**row, sort_key=thai_sort_key(row["name_th"])) for row in rows if row["code"] not in there
    )
    return list(Province.objects.filter(code__in=[row["code"] for row in rows]).order_by("code"))


def make_nation(number: int, today: date | None = None) -> list[Round]:
    """That many provinces, each with a round that opened 40 days ago and closes in 20, its answer and figures."""
    today = today or timezone.localdate()
    provinces, instrument = make_provinces(number), publish()
    rounds = Round.objects.bulk_create(_round(province, instrument, today) for province in provinces)
    responses = Response.objects.bulk_create(Response(round=round_, version=7) for round_ in rounds)
    ProvinceFigures.objects.bulk_create(
        _figures(response, place, timezone.now()) for place, response in enumerate(responses)
    )
    return rounds


def publish_total(province: Province, year: int, score: str, rank: int | None = None, level: int | None = 3) -> None:
    """A published total."""
    OfficialResult.objects.create(
        year=year,
        province=province,
        kind=OfficialResult.Kind.TOTAL,
        code="total",
        score=Decimal(score),
        rank=rank,
        level=level,
        origin=OfficialResult.Origin.OFFICIAL,
        source="test",
    )


def _round(province: Province, instrument: Instrument, today: date) -> Round:
    return Round(
        province=province,
        instrument=instrument,
        year=instrument.year,
        period_from=today - timedelta(days=400),
        period_to=today,
        opens_on=today - timedelta(days=40),
        agency_due=today + timedelta(days=5),
        committee_on=today + timedelta(days=10),
        closes_at=end_of(today + timedelta(days=20)),
    )


def _figures(response: Response, place: int, now: datetime) -> ProvinceFigures:
    """Answers of 60 to 99 per cent, all evidence there, levels 1 to 5 in turn."""
    return ProvinceFigures(
        response=response,
        province=response.round.province,
        year=response.round.year,
        version=response.version,
        basis="x",
        state=response.state,
        counted_at=now,
        asked=100,
        answered=60 + place % 40,
        places=40,
        unproven=0,
        open_points=place,
        total=Decimal(20 + place % 70),
        low=Decimal(15 + place % 70),
        high=Decimal(25 + place % 70),
        level=place % 5 + 1,
    )
