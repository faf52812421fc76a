"""Jobs about many provinces at once: one ZIP with the file of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from accounts.access import ALL_PROVINCES, province_ids_with_capability
from accounts.models import User
from accounts.roles import Capability
from reports.jobs.actions import start_job
from reports.models import Job, ReportKind

MANY: Final = "codes"  # the parameter that holds the codes of the provinces
MANY_KINDS: Final = frozenset({ReportKind.DGA, ReportKind.SCORE_SHEET})


def start_many(*, by: User, kind: ReportKind, year: int, codes: Collection[str], language: str = "th") -> Job:
    """Starts the one job that makes all these files; while it runs, the same request gives the same job."""
    params: dict[str, Any] = {"year": year, MANY: sorted(set(codes))}
    return start_job(by=by, kind=kind, params=params | ({"language": language} if language != "th" else {}))


def may_have_many(user: User, kind: ReportKind) -> bool:
    """Whether a person may ask for, see, stop and download such a file: the centre, of every province."""
    wanted = (Capability.NATION_MANAGE, kind.capability)
    return kind in MANY_KINDS and all(province_ids_with_capability(user, cap) is ALL_PROVINCES for cap in wanted)
