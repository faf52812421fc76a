"""Reading what a year's scheme can be fitted to: every province with an official result and a stored answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounts.respondents import of_provinces
from evidence.attaching.queries import marked_addresses_by_response
from scoring.engine.facts import ResponseFacts
from scoring.engine.score import compute_score_sheet
from scoring.models import OfficialResult
from scoring.results.fitting.types import FitCase
from scoring.results.fitting.weights import Column
from scoring.scheme.check import check_scheme
from scoring.scheme.queries import get_newest_scheme
from scoring.scheme.registry import LoadedScheme
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Answer, Response

SUB_PILLAR = OfficialResult.Kind.SUB_PILLAR


@dataclass(frozen=True, slots=True, eq=False)
class YearCases:
    """The cases of a year with the facts of each, and every published column (the average and the best too).

    `skipped`: provinces with a result but without an answer to this form.
    """

    base: LoadedScheme
    instrument: CompiledInstrument
    cases: tuple[FitCase, ...]
    facts: tuple[ResponseFacts, ...]
    columns: tuple[Column, ...]
    skipped: tuple[str, ...]


def read_year_cases(year: int) -> YearCases | None:
    """What the newest scheme of a year's form can be fitted to; None where no round of that year is there.

    Five queries, and what the scheme needs. Raises registry.MissingScheme, registry.FaultyScheme.
    """
    rows = Response.objects.filter(of_provinces("round__province"), agency=None, round__year=year).order_by(
        "round__province__code"
    )
    responses = list(rows.select_related("round__province", "round__instrument"))
    if not responses:
        return None
    # Of several forms in one year the one that most provinces answer; versions of a form are one.
    form = Counter((r.round.instrument.key, r.round.instrument.year) for r in responses).most_common(1)[0][0]
    of_form = [r for r in responses if (r.round.instrument.key, r.round.instrument.year) == form]
    newest = max((r.round.instrument for r in of_form), key=lambda one: one.version)
    instrument = compiled_instrument(newest)
    base = get_newest_scheme(instrument)
    results = _read_results(year)
    usable = [r for r in of_form if r.round.province.code in results and _fits(base, r)]
    scored = [r for r in usable if any(kind == SUB_PILLAR for kind, _code in results[r.round.province.code])]
    facts = _read_facts(scored)
    told = [results[r.round.province.code] for r in scored]
    cases = tuple(_build_case(base, *one) for one in zip(scored, facts, told, strict=True))
    known = {case.province for case in cases}
    labels = set(OfficialResult.Label.values)
    skipped = tuple(sorted(set(results) - known - labels))
    return YearCases(base, instrument, cases, facts, tuple(results.values()), skipped)


def _read_results(year: int) -> dict[str, dict[tuple[str, str], Decimal]]:
    """Published figures by subject (a province's code, or the label), kind and code. One query."""
    found: dict[str, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    rows = OfficialResult.objects.newest().filter(year=year).order_by("province__code", "label", "kind", "code")
    for province, label, kind, code, score in rows.values_list("province__code", "label", "kind", "code", "score"):
        found[province or label][kind, code] = score
    return dict(found)


def _fits(base: LoadedScheme, response: Response) -> bool:
    return not check_scheme(base.scheme, compiled_instrument(response.round.instrument))


def _read_facts(responses: Sequence[Response]) -> tuple[ResponseFacts, ...]:
    """The facts of several responses; scores from outside are not fitted, and not read. Two queries."""
    values: dict[int, dict[str, AnswerValue]] = defaultdict(dict)
    instruments = {r.round.instrument_id for r in responses}
    answers = Answer.objects.filter(response__in=responses, question__instrument__in=instruments)
    for pk, value in answers.values_list("response_id", "value"):
        values[pk].update(value)
    marked = marked_addresses_by_response([r.pk for r in responses])
    found = []
    for response in responses:
        path = resolve_path(compiled_instrument(response.round.instrument), values[response.pk])
        found.append(ResponseFacts(path, frozenset(marked.get(response.pk, ())), {}))
    return tuple(found)


def _build_case(base: LoadedScheme, response: Response, facts: ResponseFacts, column: Column) -> FitCase:
    sheet = compute_score_sheet(compiled_instrument(response.round.instrument), base.scheme, facts)
    official = {code: score for (kind, code), score in column.items() if kind == SUB_PILLAR}
    return FitCase(response.round.province.code, sheet, official)
