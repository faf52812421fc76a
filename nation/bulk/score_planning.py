"""What a department's table would change in each province, and which scores of provinces it leaves alone. PURE."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nation.bulk.planning import StepPlan

Figure = Mapping[str, Any]  # a score as it stands or would stand: see `figure_of`
ASSUMED: Final = "assumed"  # a stand-in of the province for a result that was not there


@dataclass(frozen=True, slots=True)
class ScoreStanding:
    """A province as the table meets it. `blocked`: a key of words.REASONS; `codes`: sub-pillars scored from outside."""

    province: int
    code: str
    blocked: str = ""
    codes: frozenset[str] = frozenset()
    stored: Mapping[str, Figure] = field(default_factory=dict)


def figure_of(given: Mapping[str, str], department: str) -> dict[str, str]:
    """A given score as it would stand."""
    return {**given, "origin": "official", "department": department}


def choice_key(code: str, sub_pillar: str) -> str:
    """What names a conflict that the centre decided for the department."""
    return f"{code} {sub_pillar}"


def plan_scores(
    standings: Iterable[ScoreStanding],
    given: Mapping[str, Sequence[Mapping[str, str]]],
    department: str,
    chosen: Collection[str] = (),
) -> list[StepPlan]:
    """Enters the scores of a table. A province's own score that is not older stays unless it is among `chosen`."""
    return [_plan(standing, given[standing.code], department, chosen) for standing in standings]


def _plan(
    standing: ScoreStanding, rows: Sequence[Mapping[str, str]], department: str, chosen: Collection[str]
) -> StepPlan:
    kept = {"rows": [dict(row) for row in rows]}
    if standing.blocked:
        return StepPlan(standing.province, standing.code, standing.blocked, after=kept)
    figures = [figure_of(row, department) for row in rows]
    if any(figure["sub_pillar"] not in standing.codes for figure in figures):
        return StepPlan(standing.province, standing.code, "not_external", after=kept)
    pairs = [(standing.stored.get(figure["sub_pillar"]), figure) for figure in figures]
    pairs = [(stored, figure) for stored, figure in pairs if stored != figure]
    conflicts = [(stored, figure) for stored, figure in pairs if stored is not None and is_conflict(stored, figure)]
    taken = [pair for pair in pairs if pair not in conflicts or _key(standing, pair[1]) in chosen]
    more: dict[str, Any] = {"conflicts": [{"own": dict(own), "given": dict(one)} for own, one in conflicts]}
    if not taken:
        return StepPlan(
            standing.province, standing.code, "own_score" if conflicts else "nothing", after={**kept, **more}
        )
    before = {"figures": [dict(stored) for stored, _figure in taken if stored is not None]}
    return StepPlan(
        standing.province,
        standing.code,
        before=before,
        after={**kept, **more, "figures": [dict(figure) for _stored, figure in taken]},
    )


def _key(standing: ScoreStanding, figure: Figure) -> str:
    return choice_key(standing.code, figure["sub_pillar"])


def is_conflict(stored: Figure, given: Figure) -> bool:
    """Whether the province's own score would be overwritten by one that is not newer.

    Not those of a department, nor a value that the province only assumed.
    """
    is_own = not stored["department"] and stored["origin"] != ASSUMED
    return is_own and stored["score"] != given["score"] and stored["dated"] >= given["dated"]
