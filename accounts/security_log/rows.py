"""Events of the security log as rows of a file: for the page's exports and for the command."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import AccountEvent
from accounts.security_log.words import event_details, repeats_of

READ_AT_ONCE: Final = 1000
COLUMNS: Final[tuple[tuple[str, str | Promise, float], ...]] = (
    ("at", gettext_lazy("เวลา"), 20),
    ("event", gettext_lazy("เหตุการณ์"), 34),
    ("by", gettext_lazy("ผู้ทำ"), 26),
    ("by_email", gettext_lazy("อีเมลผู้ทำ"), 30),
    ("subject", gettext_lazy("บัญชีของ"), 26),
    ("subject_email", gettext_lazy("อีเมลเจ้าของบัญชี"), 30),
    ("province", gettext_lazy("จังหวัด"), 18),
    ("address", gettext_lazy("ที่อยู่ IP"), 22),
    ("times", gettext_lazy("ครั้ง"), 8),
    ("details", gettext_lazy("รายละเอียด"), 60),
    ("verb", gettext_lazy("รหัสเหตุการณ์"), 22),
    ("number", gettext_lazy("เลขที่ในบันทึก"), 12),
)


def export_rows(events: QuerySet[AccountEvent], most: int | None = None) -> Iterator[dict[str, Any]]:
    """Rows by the names of COLUMNS; `most`: no more than so many. One query for each READ_AT_ONCE."""
    found: Iterable[AccountEvent] = events[:most] if most else events
    for event in found.iterator(READ_AT_ONCE) if isinstance(found, QuerySet) else found:
        yield _row(event)


def plain_value(value: Any) -> str:
    """A value as text: times as ISO 8601 with the offset of the installation's time zone."""
    return value.isoformat(sep=" ", timespec="seconds") if isinstance(value, datetime) else str(value)


def _row(event: AccountEvent) -> dict[str, Any]:
    by, subject = event.by, event.subject
    return {
        "at": timezone.localtime(event.at),
        "event": event.label,
        "by": by.get_full_name() if by else "",
        "by_email": by.email if by else "",
        "subject": subject.get_full_name() if subject else "",
        "subject_email": subject.email if subject else "",
        "province": event.province.code if event.province else "",
        "address": event.came_from,
        "times": repeats_of(event) or 1,
        "details": event_details(event),
        "verb": event.verb,
        "number": event.pk,
    }
