"""The score and the KPI of a provincial answer on both versions of its form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scoring.engine.facts import ResponseFacts
from scoring.engine.queries import estimate_externals
from scoring.engine.score import compute_score_sheet
from scoring.engine.sheet import ScoreSheet
from scoring.kpi.queries import evaluate_province_kpi
from scoring.moving.plan import ResponsePlan
from scoring.moving.points import MovedPoints, marked_places
from scoring.moving.round_state import RoundData, StoredProof
from scoring.results.queries import PublishedResults, list_estimate_figures
from scoring.scheme import registry
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import LoadedScheme
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import LocalizedText

# "form": the scheme follows the form; "kept": the one chosen for the round fits and stays; "unfit": it does not fit.
SchemeFate = Literal["form", "kept", "unfit"]


@dataclass(frozen=True, slots=True)
class SubPillarChange:
    """A sub-pillar whose score differs; None where it has none."""

    code: str
    name: LocalizedText
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The score before and after a move. `kpi`: points before and after, None where none are known."""

    scheme: SchemeFate
    scheme_before: int
    scheme_after: int
    total_before: Decimal | None
    total_after: Decimal | None
    level_before: int | None
    level_after: int | None
    sub_pillars: tuple[SubPillarChange, ...]
    kpi: tuple[Decimal | None, Decimal | None] | None


def compare_scores(
    data: RoundData, plan: ResponsePlan, points: MovedPoints, past: list[PublishedResults], *, keep_scheme: bool = True
) -> ScoreChange | None:
    """The score of the provincial answer on both versions; None where a version has no scheme that fits it.

    No query but for a stored scheme that this process has not met. `keep_scheme` as in `move_round`.
    """
    try:
        old = get_round_scheme(data.round)
        fate, new = scheme_after_move(data, old, keep_scheme=keep_scheme)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None
    before = _score(data, old, points.before, [p for p in plan.data.proofs if not p.removed], past)
    after = _score(data, new, points.after, plan.proofs, past)
    names = {s.code: (s.name, s.score) for s in before.sub_pillars}
    later = {s.code: (s.name, s.score) for s in after.sub_pillars}
    changed = tuple(
        SubPillarChange(code, (later.get(code) or names[code])[0], old_score, new_score)
        for code in dict.fromkeys([*later, *names])
        if (old_score := names[code][1] if code in names else None)
        != (new_score := later[code][1] if code in later else None)
    )
    province = data.round.province
    kpi = [evaluate_province_kpi(province, sheet, past) for sheet in (before, after)]
    points_of = (kpi[0].points, kpi[1].points) if kpi[0] is not None and kpi[1] is not None else None
    return ScoreChange(
        fate,
        old.scheme.version,
        new.scheme.version,
        before.total,
        after.total,
        before.level,
        after.level,
        changed,
        points_of,
    )


def scheme_after_move(
    data: RoundData, present: LoadedScheme, *, keep_scheme: bool = True
) -> tuple[SchemeFate, LoadedScheme]:
    """What becomes of the scheme of the round, and the one it is scored by after the move.

    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    fate: SchemeFate = "form"
    if data.round.scheme_sha256:
        try:
            kept = registry.validate_scheme(present, data.new)
        except registry.FaultyScheme:
            fate = "unfit"
        else:
            if keep_scheme:
                return "kept", kept
    return fate, registry.get_scheme_for_instrument(data.new)


def _score(
    data: RoundData,
    loaded: LoadedScheme,
    path: QuestionnairePath,
    proofs: Iterable[StoredProof],
    past: Iterable[PublishedResults],
) -> ScoreSheet:
    estimates = estimate_externals(loaded.scheme, path.instrument, list_estimate_figures(past))
    facts = ResponseFacts(path, marked_places(proofs), data.externals, estimates)
    return compute_score_sheet(path.instrument, loaded.scheme, facts)
