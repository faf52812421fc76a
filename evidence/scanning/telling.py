"""Who is told of a virus, and of a scanner that is away."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Capability, Role
from evidence.models import Attachment, File
from survey.notices import recipients
from survey.notices.actions import notify


def tell_of_virus(file: File) -> None:
    """Tells those who attached the file, and the administrators of the province and of the centre; at once."""
    rows = Attachment.objects.filter(Q(file=file) | Q(copy=file)).select_related(
        "added_by", "response__round__province"
    )
    for attachment in rows:
        round_ = attachment.response.round
        users = [
            attachment.added_by,
            *recipients.users_with_role(round_.province_id, Role.PROVINCE_ADMIN),
            *recipients.central_users_with_capability(Capability.JOURNAL_READ),
        ]
        notify(
            users=users,
            kind="file.infected",
            key=f"infected:{attachment.public_id}",
            round_=round_,
            data={"name": attachment.name, "virus": file.scan_detail},
            url=reverse("evidence:listing", args=[attachment.response_id]),
            at_once=True,
        )


def tell_scanner_is_away(why: str) -> None:
    """Tells the administrators of the centre, once a day."""
    notify(
        users=recipients.central_users_with_capability(Capability.JOURNAL_READ),
        kind="scanner.away",
        key=f"scanner:{timezone.localdate().isoformat()}",
        data={"why": why},
        url=reverse("evidence:scans"),
        at_once=True,
    )
