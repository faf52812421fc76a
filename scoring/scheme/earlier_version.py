"""The scheme that came before another one: the version before it, else the newest one of the year before."""

from __future__ import annotations

from scoring.models import SchemeVersion
from scoring.scheme import registry
from scoring.scheme.queries import get_newest_version, get_stored_scheme
from scoring.scheme.registry import LoadedScheme
from scoring.scheme.types import ScoringScheme


def earlier_scheme(scheme: ScoringScheme) -> LoadedScheme | None:
    """The scheme before this one, or None where there is none or its file is faulty. Two queries at most."""
    rows = SchemeVersion.objects.filter(key=scheme.key, version__lt=scheme.version)
    stored = rows.order_by("-version").only("checksum", "version").first()
    try:
        filed = registry.get_scheme_by_name(scheme.key, scheme.version - 1)
    except registry.MissingScheme:
        filed = None
    except registry.FaultyScheme:
        return None
    if stored is not None and (filed is None or stored.version > filed.scheme.version):
        return get_stored_scheme(stored.checksum)
    return filed or get_newest_version(f"{scheme.instrument}-{scheme.year - 1}")
