"""Files that are missing from a store or altered there: telling the administrators, and finding them mended."""

from __future__ import annotations

import hashlib
import logging

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Province
from dgready.stored_files import StoredFileFault, open_verified
from reports.models import FileFault
from survey.notices import actions as notices

log = logging.getLogger(__name__)
MAX_WHAT_LENGTH = 300


def record_file_fault(fault: StoredFileFault, *, what: str, province: Province | None = None) -> FileFault:
    """Write a file's fault into the log and its row."""
    log.error("stored file: %s", fault)
    now = timezone.now()
    values = {"expected": fault.expected, "found": fault.found, "last_at": now, "mended_at": None}
    values |= {"what": what[:MAX_WHAT_LENGTH], "province": province}
    row, _created = FileFault.objects.update_or_create(
        store=fault.store, name=fault.name, defaults=values, create_defaults={**values, "first_at": now}
    )
    return row


def report_file_fault(
    fault: StoredFileFault, *, what: str, province: Province | None = None, url: str = ""
) -> FileFault:
    """Ring the alarm about a file: log, row, and once per file and day a notice and a letter to the administrators."""
    row = record_file_fault(fault, what=what, province=province)
    notices.notify_file_fault(
        missing=fault.is_missing,
        what=what,
        key=hashlib.sha256(f"{fault.store}/{fault.name}".encode()).hexdigest()[:32],
        day=timezone.localdate().isoformat(),
        province=province,
        url=url,
    )
    return row


def open_file_faults() -> QuerySet[FileFault]:
    """The files that were found missing or altered and have not been seen mended, newest first."""
    return FileFault.objects.filter(mended_at=None).select_related("province")


def find_mended_files() -> int:
    """Look again at the files with a fault and record those that are right again; returns how many."""
    mended = 0
    for row in open_file_faults():
        try:
            open_verified(row.store, row.name, row.expected).close()
        except StoredFileFault:
            continue
        mended += FileFault.objects.filter(pk=row.pk).update(mended_at=timezone.now())
    return mended
