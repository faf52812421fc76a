"""The page of the state of the installation, for the central administrator."""

from __future__ import annotations

import logging

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.roles import Capability
from dgready import health
from reports.system.heartbeats import machine_name
from reports.system.queues import SHOWN, active_jobs, shown_file_faults
from reports.system.state import read_system_state
from reports.system.state_texts import LEVEL_ICONS, LEVEL_LABELS, part_rows

log = logging.getLogger(__name__)
ASKED = ("store", "broker")  # the database has answered when there is a page


@require_safe
@allow(Capability.SYSTEM_READ)
@never_cache
def state(request: SignedInRequest) -> HttpResponse:
    """Each part with its level and what to do, the last runs, jobs that wait, files with a fault."""
    require_central(request.user, Capability.SYSTEM_READ)
    system_state = read_system_state()
    rows = part_rows(system_state, {name: _answers(name) for name in ASKED})
    runs = sorted(system_state.runs.values(), key=lambda run: run.ended_at, reverse=True)
    worst = rows[0].level
    context = {
        "rows": rows,
        "machine": machine_name(),
        "worst": worst,
        "worst_label": LEVEL_LABELS[worst],
        "worst_icon": LEVEL_ICONS[worst],
        "now": system_state.now,
        "runs": [(run, system_state.good_runs.get(run.kind)) for run in runs],
        "jobs": active_jobs(),
        "faults": shown_file_faults(),
        "shown": SHOWN,
    }
    return render(request, "reports/system/state.html", context)


def _answers(name: str) -> bool:
    try:
        health.CHECKS[name]()
    except Exception:
        log.warning("%s does not answer", name, exc_info=True)
        return False
    return True
