"""Queries of scheme versions: which one a round is scored by, and the newest of an instrument."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from scoring.models import SchemeVersion
from scoring.scheme import registry
from scoring.scheme.registry import LoadedScheme
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.models import Round


def get_round_scheme(round_: Round) -> LoadedScheme:
    """The scheme a round is scored by. One query the first time a process meets a stored version, else none.

    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    instrument = compiled_instrument(round_.instrument)
    if not round_.scheme_sha256:
        return registry.get_scheme_for_instrument(instrument)
    return registry.validate_scheme(_get_stored_scheme(round_.scheme_sha256), instrument)


@lru_cache(maxsize=16)
def _get_stored_scheme(checksum: str) -> LoadedScheme:
    # The checksum is of the text itself, so what is kept here can never be stale.
    row = SchemeVersion.objects.filter(checksum=checksum).first()
    if row is None:
        raise registry.MissingScheme(checksum)
    return registry.parse_scheme_text(row.text, Path(f"{row.key}-v{row.version}.yaml"))


def get_newest_scheme(instrument: Compiled) -> LoadedScheme:
    """The newest version of an instrument's scheme, stored or in its file. One query. Raises as `get_round_scheme`."""
    filed = registry.get_scheme_for_instrument(instrument)
    row = SchemeVersion.objects.filter(key=filed.scheme.key).only("checksum", "version").first()
    if row is None or row.version <= filed.scheme.version:
        return filed
    return registry.validate_scheme(_get_stored_scheme(row.checksum), instrument)
