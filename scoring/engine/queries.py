"""Reads of scoring: the sheet of a response, outside scores, published results, the KPI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dgready.recent import Recent
from evidence.attaching.queries import marked_addresses
from scoring.engine.as_json import places, to_json
from scoring.engine.score import Facts, score
from scoring.engine.score_range import Spread, spread
from scoring.engine.sheet import ScoreSheet
from scoring.models import ExternalScore
from scoring.scheme.queries import scheme_of
from scoring.scheme.types import Scheme
from survey.answering.queries import path_of, response_state, state_key
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument as Compiled
from survey.instrument.schema import Value
from survey.models import Response


@dataclass(frozen=True, eq=False)
class Scored:
    """The score of a response in one state, with what it was made from. `spread` is made when first asked for.

    `values`: every stored answer, on the path or not.
    """

    instrument: Compiled
    scheme: Scheme
    facts: Facts
    sheet: ScoreSheet
    values: Mapping[str, Value]

    @cached_property
    def spread(self) -> Spread:
        """The range around the sheet."""
        return spread(self.instrument, self.scheme, self.facts, self.sheet)


# A sheet costs less to make than to pickle, so it is kept as it is rather than in the shared cache.
_recent: Recent[Scored] = Recent(64)


def scored(response: Response) -> Scored:
    """The score of a response: answers, evidence and outside scores in one query each, none when kept.

    Every write moves the response's version and head on, so these name its state.
    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    instrument = instrument_of(response.round.instrument)
    loaded = scheme_of(response.round)
    state = state_key(response)
    key = (*state, loaded.checksum) if state else None

    def make() -> Scored:
        facts = facts_of(response)
        sheet = score(instrument, loaded.scheme, facts)
        return Scored(instrument, loaded.scheme, facts, sheet, response_state(response).values)

    return _recent.get(key, make)


def scoresheet(response: Response) -> ScoreSheet:
    """The ScoreSheet of a response; queries and errors as `scored`."""
    return scored(response).sheet


def facts_of(response: Response) -> Facts:
    """What the engine is given. Three queries."""
    given = ExternalScore.objects.filter(response=response).values_list("sub_pillar", "score")
    return Facts(path_of(response), marked_addresses(response), dict(given))


def externals_of(response: Response) -> dict[str, ExternalScore]:
    """The outside scores of a response by sub-pillar, with who entered them. One query."""
    rows = ExternalScore.objects.filter(response=response).select_related("entered_by")
    return {row.sub_pillar: row for row in rows}


def frozen_parts(response: Response) -> dict[str, Any]:
    """What a frozen response records of scoring: the scheme with its text, outside scores, the whole sheet."""
    loaded = scheme_of(response.round)
    found = scored(response)
    return {
        "scheme": {
            "key": loaded.scheme.key,
            "year": loaded.scheme.year,
            "version": loaded.scheme.version,
            "checksum": loaded.checksum,
            "source": loaded.text,
        },
        "external": [
            {
                "sub_pillar": row.sub_pillar,
                "score": places(row.score),
                "source": row.source,
                "dated": row.dated.isoformat(),
                "entered_by": row.entered_by_id,
            }
            for row in externals_of(response).values()
        ],
        "score": to_json(found.sheet, found.spread),
    }
