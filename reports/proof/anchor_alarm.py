"""The alarm about chains that differ from their anchors: log, and notices to the administrators."""

from __future__ import annotations

import logging
from collections import Counter

from django.urls import reverse
from django.utils import timezone

from accounts.models import Province
from reports.proof.anchors import anchor_faults
from survey.notices import actions as notices
from survey.verifying.report import JournalFault

log = logging.getLogger(__name__)


def alarm_about_anchors() -> list[JournalFault]:
    """Check all anchors; faults go to the log and, per province, to its administrators and the centre, once a day."""
    faults = list(anchor_faults())
    for fault in faults:
        log.error("anchor: %s [%s]", fault.text("en"), fault.code)
    counts = Counter(fault.province for fault in faults)
    provinces = {province.code: province for province in Province.objects.filter(code__in=counts)}
    today = timezone.localdate().isoformat()
    for code, count in counts.items():
        url = reverse("survey:province-journal", args=[code]) if code in provinces else ""
        notices.notify_anchor_faults(count=count, day=today, province=provinces.get(code), url=url)
    return faults
