"""Runs of the installation's own work: what is recorded, which is the newest, how long it is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reports.models import SystemRun
from reports.system.runs import KEPT_DAYS, RunKind, last_good_run, last_run, record_run

pytestmark = pytest.mark.django_db


def test_the_newest_run_of_a_kind_is_told_with_its_outcome() -> None:
    assert last_run(RunKind.VERIFY) is None
    started = timezone.now()
    good = record_run(kind=RunKind.VERIFY, started=started, ok=True, detail={"faults": 0, "at": started})
    bad = record_run(kind="verify", started=started, ok=False, detail={"faults": 3})
    record_run(kind=RunKind.BACKUP, started=started, ok=True, detail={})
    assert last_run("verify") == bad
    assert last_good_run("verify") == good
    assert SystemRun.objects.get(pk=bad.pk).detail == {"faults": 3}
    assert bad.ended_at >= bad.started_at


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        record_run(kind="nonsense", started=timezone.now(), ok=True, detail={})


def test_runs_are_kept_for_a_year_and_no_longer() -> None:
    old = record_run(kind=RunKind.ANCHOR, started=timezone.now(), ok=True, detail={})
    SystemRun.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    new = record_run(kind=RunKind.ANCHOR, started=timezone.now(), ok=True, detail={})
    assert list(SystemRun.objects.all()) == [new]
