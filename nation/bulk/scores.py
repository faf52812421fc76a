"""Scores of a department's table: how provinces stand, entering them in one province, and taking them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Province, User
from accounts.queries import departments_by_code
from accounts.respondents import of_provinces
from nation.bulk.planning import StepPlan
from nation.bulk.score_planning import ScoreStanding, plan_scores
from nation.models import BulkAct, BulkStep
from scoring.externals.actions import remove_external_score, save_external_score
from scoring.models import ExternalScore
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import FaultyScheme, MissingScheme
from survey.journal import actions as journal
from survey.models import Response


class ScoresChanged(Exception):
    """A score is not what the preview saw."""


def make_score_plans(year: int, given: Mapping[str, Mapping[str, Any]], params: Mapping[str, Any]) -> list[StepPlan]:
    """What the table would change in the provinces it names. `given`: by code the "rows" of a step. Three queries."""
    rows = {code: one["rows"] for code, one in given.items()}
    return plan_scores(read_score_standings(year, rows), rows, params["department"], params.get("chosen", ()))


def read_score_standings(year: int, codes: Collection[str]) -> list[ScoreStanding]:
    """How the provinces with these codes stand, in Thai order. Three queries, and one for each stored scheme."""
    answers = {one.round.province.code: one for one in _answers(year, codes)}
    rows = ExternalScore.objects.filter(response__in=answers.values()).select_related("department")
    stored: dict[int, dict[str, dict[str, str]]] = {}
    for row in rows:
        stored.setdefault(row.response_id, {})[row.sub_pillar] = describe_score(row)
    provinces = Province.objects.provinces().filter(code__in=codes).order_by("sort_key")
    now = timezone.now()

    def standing(pk: int, code: str) -> ScoreStanding:
        answer = answers.get(code)
        if answer is None:
            return ScoreStanding(pk, code, "no_round")
        blocked = "handed_in" if not answer.is_editable else "closed" if answer.round.is_closed(now) else ""
        return ScoreStanding(pk, code, blocked, external_codes(answer), stored.get(answer.pk, {}))

    return [standing(*row) for row in provinces.values_list("pk", "code")]


def _answers(year: int, codes: Collection[str] | None = None) -> Iterable[Response]:
    rows = Response.objects.filter(of_provinces("round__province"), agency=None, round__year=year)
    rows = rows if codes is None else rows.filter(round__province__code__in=codes)
    return rows.select_related("round__province", "round__instrument").defer("round__instrument__source")


def external_codes(answer: Response) -> frozenset[str]:
    """The sub-pillars of an answer's form that are scored from outside; none where it has no scheme."""
    try:
        return frozenset(get_round_scheme(answer.round).scheme.externals)
    except (MissingScheme, FaultyScheme):
        return frozenset()


def external_codes_of_year(year: int) -> frozenset[str]:
    """Those of the forms that provinces answer in a year. One query, and one for each stored scheme."""
    forms = {(one.round.instrument_id, one.round.scheme_sha256): one for one in _answers(year)}
    return frozenset().union(*(external_codes(one) for one in forms.values()))


def describe_score(row: ExternalScore) -> dict[str, str]:
    """A stored score as plans compare it."""
    return {
        "sub_pillar": row.sub_pillar,
        "score": f"{row.score:f}",
        "method": row.method,
        "source": row.source,
        "dated": row.dated.isoformat(),
        "origin": row.origin,
        "department": row.department.code if row.department else "",
    }


def enter_scores(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    """Enters the planned scores of a province. Raises ScoresChanged, NotEditable, ExternalScoreRefused."""
    response = _check_standing(act, step, step.before.get("figures", ()), step.after["figures"])
    _save(act.by, response, step.after["figures"])
    return dict(step.after)


def take_back_scores(act: BulkAct, step: BulkStep) -> Mapping[str, Any]:
    """Puts back what stood before, where the department's scores still stand. Raises as `enter_scores` does."""
    response = _check_standing(act, step, step.before["figures"], step.before["figures"])
    _save(act.by, response, step.after["figures"])
    restored = {figure["sub_pillar"] for figure in step.after["figures"]}
    for figure in step.before["figures"]:
        if figure["sub_pillar"] not in restored:
            remove_external_score(by=act.by, response=response, sub_pillar=figure["sub_pillar"])
    return dict(step.after)


def _check_standing(
    act: BulkAct, step: BulkStep, expected: Sequence[Mapping[str, str]], touched: Sequence[Mapping[str, str]]
) -> Response:
    """The province's answer under its lock, if the touched scores still are the expected ones."""
    found = _answers(act.year, [step.province.code])
    response = next(iter(found), None)
    if response is None:
        raise ScoresChanged
    journal.lock_response(response.pk)
    rows = ExternalScore.objects.filter(response=response).select_related("department")
    stored = {row.sub_pillar: describe_score(row) for row in rows}
    wanted = {figure["sub_pillar"]: dict(figure) for figure in expected}
    if any(stored.get(f["sub_pillar"]) != wanted.get(f["sub_pillar"]) for f in touched):
        raise ScoresChanged
    return response


def _save(by: User, response: Response, figures: Sequence[Mapping[str, str]]) -> None:
    departments = departments_by_code() if any(figure["department"] for figure in figures) else {}
    for figure in figures:
        save_external_score(
            by=by,
            response=response,
            sub_pillar=figure["sub_pillar"],
            score=Decimal(figure["score"]),
            source=figure["source"],
            dated=date.fromisoformat(figure["dated"]),
            origin=figure["origin"],
            method=figure["method"],
            department=departments[figure["department"]] if figure["department"] else None,
        )
