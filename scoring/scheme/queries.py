"""Reads of scheme versions: which one a round is scored by, and the newest of an instrument."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from scoring.models import SchemeVersion
from scoring.scheme import registry
from scoring.scheme.registry import Loaded
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument as Compiled
from survey.models import Round


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
