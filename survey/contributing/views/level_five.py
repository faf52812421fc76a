"""What level 5 asks of each question by a round's scheme, and how far a response is from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from dgready.lru_cache import LruCache
from scoring.engine.facts import ResponseFacts
from scoring.engine.level_five import LevelFiveStanding, standings_by_question
from scoring.engine.reason_texts import ASSUMED_MARK
from scoring.engine.score import compute_score_sheet
from scoring.scheme import registry
from scoring.scheme.level_five import LevelFiveAsk, asks_by_question
from scoring.scheme.queries import get_round_scheme
from scoring.scheme.registry import LoadedScheme
from survey.assigning.part_progress import ContributionCounts
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import LocalizedText
from survey.models import Instrument, Round

_kept_standings: Final[LruCache[Mapping[str, tuple[LevelFiveStanding, ...]]]] = LruCache(64)


def level_five_asks(round_: Round) -> Mapping[str, tuple[LevelFiveAsk, ...]]:
    """By question: what each criterion that reads it asks for level 5, by the round's scheme.

    Empty where no scheme is known or it has faults: the form can be filled without one.
    """
    loaded = _scheme_of(round_)
    return asks_by_question(compiled_instrument(round_.instrument), loaded.scheme) if loaded else {}


def level_five_standings(
    round_: Round, counts: ContributionCounts | None
) -> Mapping[str, tuple[LevelFiveStanding, ...]]:
    """By question: what level 5 asks, and how far an agency's own answers are from it. No query: its counts are read.

    Without counts, as before an agency has answered anything, only what is asked.
    """
    loaded = _scheme_of(round_)
    if loaded is None:
        return {}
    instrument = compiled_instrument(round_.instrument)

    def make() -> Mapping[str, tuple[LevelFiveStanding, ...]]:
        sheet = None
        if counts is not None:
            sheet = compute_score_sheet(instrument, loaded.scheme, ResponseFacts(counts.path, counts.marked, {}))
        return standings_by_question(asks_by_question(instrument, loaded.scheme), sheet)

    # Counts are the very same object as long as the contribution is.
    return _kept_standings.get((counts, instrument, loaded.checksum), make)


def level_five_sentences(row: Instrument) -> Mapping[str, Sequence[LocalizedText]]:
    """By question: what level 5 asks, each with its mark where DGA does not say so. For cards, when compiled."""
    instrument = compiled_instrument(row)
    try:
        loaded = registry.get_scheme_for_instrument(instrument)
    except (registry.MissingScheme, registry.FaultyScheme):
        return {}
    asks = asks_by_question(instrument, loaded.scheme)
    return {question: tuple(_marked_text(ask) for ask in some) for question, some in asks.items()}


def _marked_text(ask: LevelFiveAsk) -> LocalizedText:
    mark = ASSUMED_MARK if not ask.is_published else LocalizedText()
    return LocalizedText(ask.text.th + mark.th, ask.text.to("en") + mark.en)


def _scheme_of(round_: Round) -> LoadedScheme | None:
    try:
        return get_round_scheme(round_)
    except (registry.MissingScheme, registry.FaultyScheme):
        return None
