"""KPI schemes as this installation has them, read once per process."""

from __future__ import annotations

from functools import lru_cache

from scoring.kpi.load import parse_kpi
from scoring.kpi.types import KpiScheme
from scoring.scheme.registry import FIXTURES, FaultyScheme


@lru_cache(maxsize=1)
def load_kpi_schemes() -> tuple[KpiScheme, ...]:
    """The KPI schemes, newest first. Raises FaultyScheme."""
    schemes = []
    for path in sorted((FIXTURES / "kpi").glob("*.yaml"), reverse=True):
        kpi, faults = parse_kpi(path.read_text(encoding="utf-8"))
        if kpi is None:
            raise FaultyScheme(path, faults)
        schemes.append(kpi)
    return tuple(schemes)


def get_kpi_scheme(framework: int) -> KpiScheme | None:
    """The KPI scheme that judges the result of a framework year, if there is one."""
    return next((k for k in load_kpi_schemes() if k.framework == framework), None)
