"""Reads of scheme versions: which one a round is scored by, and what a fit to an official result would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from scoring import registry
from scoring.engine import Facts, score
from scoring.fit import Fit, fit, fitted_text
from scoring.models import OfficialResult, SchemeVersion
from scoring.registry import Loaded
from scoring.sheet import ScoreSheet
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument as Compiled
from survey.models import Response, Round


def scheme_of(round_: Round) -> Loaded:
    """The scheme a round is scored by. One query the first time a process meets a stored version, else none.

    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    instrument = instrument_of(round_.instrument)
    if not round_.scheme_sha256:
        return registry.scheme_for(instrument)
    return registry.checked(_stored(round_.scheme_sha256), instrument)


@lru_cache(maxsize=16)
def _stored(checksum: str) -> Loaded:
    # The checksum is of the text itself, so what is kept here can never be stale.
    row = SchemeVersion.objects.filter(checksum=checksum).first()
    if row is None:
        raise registry.MissingScheme(checksum)
    return registry.read_text(row.text, Path(f"{row.key}-v{row.version}.yaml"))


def newest(instrument: Compiled) -> Loaded:
    """The newest version of an instrument's scheme, stored or in its file. One query. Raises as `scheme_of`."""
    filed = registry.scheme_for(instrument)
    row = SchemeVersion.objects.filter(key=filed.scheme.key).only("checksum", "version").first()
    if row is None or row.version <= filed.scheme.version:
        return filed
    return registry.checked(_stored(row.checksum), instrument)


# -- fitting --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """What fitting would change. `before`, `after`: the scores of the same facts by `base` and by `text`."""

    base: Loaded
    text: str
    fit: Fit
    official: Mapping[str, Decimal]
    before: ScoreSheet
    after: ScoreSheet


def official_of(response: Response) -> dict[str, Decimal]:
    """The official sub-pillar scores of the response's year and province. One query."""
    rows = OfficialResult.objects.filter(
        year=response.round.year, province=response.round.province, kind=OfficialResult.Kind.SUB_PILLAR
    )
    return dict(rows.values_list("code", "score"))


def proposal(response: Response, facts: Facts) -> Proposal | None:
    """The fit of the newest version to the official result, or None where no result is entered.

    Two queries. Raises as `scheme_of`.
    """
    official = official_of(response)
    if not official:
        return None
    instrument = instrument_of(response.round.instrument)
    base = newest(instrument)
    before = score(instrument, base.scheme, facts)
    found = fit(base.scheme, before, official)
    if not found.moves:
        return Proposal(base, base.text, found, official, before, before)
    province, year = response.round.province, response.round.year
    text = fitted_text(
        base.text,
        found,
        f"ปรับให้ตรงกับผลที่ประกาศปี {year} จังหวัด{province.name_th}",
        f"Fitted to the official result of {year}, {province.name_en}",
    )
    fitted = registry.checked(registry.read_text(text, Path(f"{base.scheme.key}.yaml")), instrument)
    return Proposal(base, text, found, official, before, score(instrument, fitted.scheme, facts))
