"""KPI schemes as this installation has them, read once per process."""

from __future__ import annotations

from functools import lru_cache

from scoring.kpi.load import parse_kpi
from scoring.kpi.rules import Kpi
from scoring.scheme.registry import FIXTURES, FaultyScheme


@lru_cache(maxsize=1)
def kpis() -> tuple[Kpi, ...]:
    """The KPI schemes, newest first. Raises FaultyScheme."""
    found = []
    for path in sorted((FIXTURES / "kpi").glob("*.yaml"), reverse=True):
        kpi, faults = parse_kpi(path.read_text(encoding="utf-8"))
        if kpi is None:
            raise FaultyScheme(path, faults)
        found.append(kpi)
    return tuple(found)


def kpi_of(framework: int) -> Kpi | None:
    """The KPI scheme that judges the result of a framework year, if there is one."""
    return next((k for k in kpis() if k.framework == framework), None)
