"""Which sub-pillar of an earlier framework each sub-pillar can be compared with."""

from __future__ import annotations

from collections.abc import Mapping

from scoring.scheme.types import ScoringScheme
from survey.instrument.schema import CompiledInstrument
from survey.linking.registry import links_into


def earlier_codes(scheme: ScoringScheme, instrument: CompiledInstrument, year: int) -> Mapping[str, str]:
    """The comparable code of an earlier year by this year's code: by the links of the years, else by the scheme.

    One that was split, merged or dropped has no counterpart.
    """
    links = links_into(instrument)
    if links is not None and links.year == year and links.sub_pillars:
        return {link.new[0]: link.old for link in links.sub_pillars if link.relation in ("same", "reworded")}
    return scheme.earlier_codes.get(year, {})
