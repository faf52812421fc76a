"""What apps say of their own parts to /readyz, each by name and level ("ok", "warn", "fail")."""

import logging
from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)
Report = Callable[[], Mapping[str, str]]
_reports: list[Report] = []


def report_parts(report: Report) -> Report:
    """Decorator that registers a function whose parts and levels /readyz tells."""
    _reports.append(report)
    return report


def reported_levels() -> dict[str, str]:
    """All parts that could be read, with their levels."""
    levels: dict[str, str] = {}
    for report in _reports:
        try:
            levels |= report()
        except Exception:
            log.exception("readyz: the state of some parts is not known")
    return levels
