"""The proof of the night: everything but the files' bytes, recorded, and told to those who must know of a fault."""

from __future__ import annotations

import logging
from collections import Counter

from django.urls import reverse
from django.utils import timezone

from accounts.actions.log_chain import link_account_events
from accounts.models import Province
from reports.models import SystemRun
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from reports.system.runs import RunKind, record_run
from survey.notices import actions as notices
from survey.verifying.report import VerificationReport

log = logging.getLogger(__name__)


def prove_tonight() -> SystemRun:
    """Verify all, files by presence and size, and record the run; alarms about faults."""
    started = timezone.now()
    link_account_events()
    report = verify_all(files=FileCheck.FAST)
    if report.ok:
        log.info("journal holds: %s responses, %s events", report.responses, report.events)
    else:
        _tell(report)
    counts = {"responses": report.responses, "events": report.events, "faults": len(report.faults)}
    return record_run(kind=RunKind.VERIFY, started=started, ok=report.ok, detail=counts)


def _tell(report: VerificationReport) -> None:
    """Faults go to the log and, per province, to its administrators and the centre."""
    for fault in report.faults:
        log.error("journal: response %s, event %s: %s [%s]", fault.response, fault.seq, fault.text("en"), fault.code)
    today = timezone.localdate().isoformat()
    counts = Counter(fault.province for fault in report.faults)
    for province in Province.objects.filter(code__in=counts).order_by("code"):
        url = reverse("survey:province-journal", args=[province.code])
        notices.notify_journal_faults(count=counts.pop(province.code), day=today, province=province, url=url)
    if rest := sum(counts.values()):  # of no province, or of responses that are gone themselves
        notices.notify_journal_faults(count=rest, day=today)
