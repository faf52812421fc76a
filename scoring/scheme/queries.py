"""Queries of scheme versions: which one a round is scored by, and the newest of an instrument."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from scoring.models import SchemeVersion
from scoring.scheme import registry
from scoring.scheme.check import check_scheme
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
        return get_scheme_of_form(instrument)
    return registry.validate_scheme(get_stored_scheme(round_.scheme_sha256), instrument)


def get_scheme_of_form(instrument: Compiled) -> LoadedScheme:
    """The scheme that a form is scored by where nobody chose another: its file, else the first one uploaded for it.

    The first, so that what is uploaded later changes no score by itself. One query without a file, else none.
    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    try:
        return registry.get_scheme_for_instrument(instrument)
    except registry.MissingScheme:
        key = f"{instrument.key}-{instrument.year}"
        rows = SchemeVersion.objects.filter(key=key, version__lte=instrument.version)
        uploaded = rows.filter(fitted_to=None, fitted_count=0)
        for checksum in uploaded.order_by("pk").values_list("checksum", flat=True):
            loaded = get_stored_scheme(checksum)
            if not check_scheme(loaded.scheme, instrument):
                return loaded
        raise


def get_scheme_of_year(year: int) -> LoadedScheme:
    """The newest scheme of a framework year: its file, else the newest one uploaded. One query without a file.

    Raises registry.MissingScheme, registry.FaultyScheme.
    """
    try:
        return registry.get_scheme_by_year(year)
    except registry.MissingScheme:
        rows = SchemeVersion.objects.filter(year=year).order_by("-version", "-pk")
        checksum = rows.values_list("checksum", flat=True).first()
        if checksum is None:
            raise
        return get_stored_scheme(checksum)


def get_newest_version(key: str) -> LoadedScheme | None:
    """The newest version of a scheme "<instrument>-<year>", stored or in its file; None where there is none."""
    try:
        filed = registry.get_scheme_by_name(key)
    except registry.MissingScheme:
        filed = None
    row = SchemeVersion.objects.filter(key=key).only("checksum", "version").order_by("-version").first()
    if row is None or (filed is not None and row.version <= filed.scheme.version):
        return filed
    return get_stored_scheme(row.checksum)


@lru_cache(maxsize=16)
def get_stored_scheme(checksum: str) -> LoadedScheme:
    """A stored version by its checksum. One query the first time a process asks."""
    # The checksum is of the text itself, so what is kept here can never be stale.
    row = SchemeVersion.objects.filter(checksum=checksum).first()
    if row is None:
        raise registry.MissingScheme(checksum)
    return registry.parse_scheme_text(row.text, Path(f"{row.key}-v{row.version}.yaml"))


def get_newest_scheme(instrument: Compiled) -> LoadedScheme:
    """The newest version of an instrument's scheme, stored or filed. One query or two. Raises as `get_round_scheme`."""
    filed = get_scheme_of_form(instrument)
    row = SchemeVersion.objects.filter(key=filed.scheme.key).only("checksum", "version").first()
    if row is None or row.version <= filed.scheme.version:
        return filed
    return registry.validate_scheme(get_stored_scheme(row.checksum), instrument)
