"""Runs of the installation's own work: recording one when it has ended, and reading the newest of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from reports.models import RunKind, SystemRun

__all__ = ["KEPT_DAYS", "RunKind", "last_good_run", "last_run", "record_run"]

KEPT_DAYS = 400  # older runs of a kind are deleted when a newer one is recorded


@transaction.atomic
def record_run(*, kind: str, started: datetime, ok: bool, detail: Mapping[str, Any]) -> SystemRun:
    """Record a run that has ended now. `detail` holds plain values (JSON) and no personal data."""
    now = timezone.now()
    run = SystemRun.objects.create(
        kind=RunKind(kind).value, started_at=started, ended_at=now, ok=ok, detail=dict(detail)
    )
    SystemRun.objects.filter(kind=run.kind, ended_at__lt=now - timedelta(days=KEPT_DAYS)).delete()
    return run


def last_run(kind: str) -> SystemRun | None:
    """The newest run of a kind, whether it went well or not."""
    return SystemRun.objects.filter(kind=RunKind(kind).value).first()


def last_good_run(kind: str) -> SystemRun | None:
    """The newest run of a kind that went well."""
    return SystemRun.objects.filter(kind=RunKind(kind).value, ok=True).first()
