"""Reads of scanning: which files are due, how it stands, why a person may not have a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from accounts.models import User
from dgready.shortened import Shortened, first_rows
from evidence.models import Attachment, File, ScanState

SHOWN = 100  # files on the page of the administrators


@dataclass(frozen=True, slots=True)
class ScanStanding:
    """How scanning stands: files that wait, since when the oldest does, infected ones, the scanner's last fault."""

    waiting: int
    oldest: datetime | None
    infected: int
    fault: str


def due_files(now: datetime, most: int) -> list[int]:
    """Files whose scan is due, the longest waiting first; those with a virus are scanned again each day."""
    due = File.objects.filter(scan_due_at__lte=now)
    return list(due.order_by("scan_due_at", "pk").values_list("pk", flat=True)[:most])


def scan_standing() -> ScanStanding:
    """How scanning stands. Two queries."""
    waiting = Q(scan_state=ScanState.WAITING)
    counts = File.objects.aggregate(
        waiting=Count("pk", filter=waiting),
        oldest=Min("created_at", filter=waiting),
        infected=Count("pk", filter=Q(scan_state=ScanState.INFECTED)),
    )
    failing = File.objects.filter(waiting).exclude(scan_detail="").order_by("-scan_attempts")
    return ScanStanding(**counts, fault=failing.values_list("scan_detail", flat=True).first() or "")


def listed_files(state: ScanState) -> Shortened[Attachment]:
    """Where files of a state are attached, the newest first. One query.

    Removed ones too, since they can be restored.
    """
    rows = Attachment.objects.filter(Q(file__scan_state=state) | Q(copy__scan_state=state)).order_by("-added_at", "-pk")
    return first_rows(rows.select_related("file", "added_by", "response__round__province", "response__agency"), SHOWN)


def is_withheld(file: File, user: User) -> bool:
    """Whether the person may not have the file: infected, or not scanned yet and somebody else's."""
    if file.scan_state == ScanState.INFECTED:
        return True
    return file.scan_state == ScanState.WAITING and file.uploaded_by_id != user.pk
