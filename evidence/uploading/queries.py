"""A person's own uploads that came in parts, or are on their way; nobody sees those of somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from accounts.models import User
from dgready.prepared_select import PreparedSelect
from evidence.files.sizes import format_size
from evidence.models import ResumableUpload, UploadState
from survey.models import Response


@dataclass(frozen=True, slots=True)
class UnfinishedUpload:
    """An upload that was cut off, as a panel shows it."""

    id: str
    name: str
    fingerprint: str
    length: int
    offset: int

    @property
    def percent(self) -> int:
        """How much of it has come."""
        return 100 * self.offset // self.length if self.length else 0

    @property
    def size(self) -> str:
        """Its length in words."""
        return format_size(self.length)


def get_upload(user: User, public_id: UUID) -> ResumableUpload:
    """The upload, if it is this person's and has not expired; Http404 otherwise."""
    own = ResumableUpload.objects.filter(user=user, public_id=public_id)
    upload = own.exclude(state=UploadState.RECEIVING, expires_at__lte=timezone.now()).first()
    if upload is None:
        raise Http404
    return upload


def unfinished_uploads(user: User, target: str, destination: dict[str, Any]) -> list[UnfinishedUpload]:
    """What this person began to send there and has not sent whole, the oldest first."""
    return [
        UnfinishedUpload(str(one.public_id), one.name, one.fingerprint, one.length, one.offset)
        for one in _UNFINISHED.all(user.pk, target, timezone.now())
        if one.destination == destination
    ]


_UNFINISHED: PreparedSelect[ResumableUpload] = PreparedSelect(
    lambda user, target, now: ResumableUpload.objects.filter(
        user=user, state=UploadState.RECEIVING, target=target, expires_at__gt=now
    ).order_by("created_at", "pk")
)


def unfinished_at_place(user: User, response: Response, item_id: str, address: str) -> list[UnfinishedUpload]:
    """Of one place of a response."""
    return unfinished_uploads(user, "place", {"response": response.pk, "item": item_id, "at": address})
