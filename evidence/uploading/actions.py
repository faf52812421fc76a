"""Uploads that come in parts: beginning one, taking a part, giving one up.

An upload is no part of an answer and has no event; attaching it has (evidence.attaching).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from dgready.typed.characters import clean_line
from evidence.files.refusal import EvidenceRefused
from evidence.models import ResumableUpload, UploadState
from evidence.models.resumable import MAX_FINGERPRINT, MAX_SENT_NAME
from evidence.store import too_large_refusal
from evidence.uploading.part_store import part_store
from evidence.uploading.parts import Body, PartBusyError
from evidence.uploading.targets import TARGETS


class OffsetConflict(Exception):
    """A part that does not begin where the last one ended; `offset`: where it should."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class PartTooLong(Exception):
    """A part that goes beyond the length that was told."""


def create_upload(*, by: User, length: int, metadata: Mapping[str, str]) -> ResumableUpload:
    """Begins an upload. Raises Http404 for what the person may not send, EvidenceRefused with the reason in words."""
    target = TARGETS.get(metadata.get("target", "place"))
    if target is None:
        raise Http404
    if length > settings.EVIDENCE_MAX_BYTES:
        raise too_large_refusal(settings.EVIDENCE_MAX_BYTES)
    upload = ResumableUpload(
        public_id=uuid.uuid4(),
        user=by,
        target=metadata.get("target", "place"),
        destination=target.destination(by, metadata, length),
        name=clean_line(metadata.get("filename", ""))[-MAX_SENT_NAME:] or "-",
        fingerprint=metadata.get("fingerprint", "")[:MAX_FINGERPRINT],
        length=length,
        expires_at=_expiry(timezone.now()),
    )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # one at a time, so that they are counted right
        _require_room(by, length)
        part_store().make_part(upload.public_id)
        upload.save()
    return upload if length else take_part(by=by, upload=upload, offset=0, body=None)


def _expiry(now: datetime) -> datetime:
    return now + timedelta(hours=settings.UPLOAD_LIMITS.hours)


def _require_room(by: User, length: int) -> None:
    """Raises EvidenceRefused where the person, or everybody, has too much on the way."""
    limits = settings.UPLOAD_LIMITS
    unfinished = ResumableUpload.objects.filter(
        Q(state=UploadState.RECEIVING, expires_at__gt=timezone.now()) | Q(state=UploadState.COMPLETE)
    )
    own = unfinished.filter(user=by)
    if own.count() >= limits.per_person or _bytes(own) + length > limits.person_bytes:
        raise EvidenceRefused("open", _("ท่านมีไฟล์ที่ยังส่งไม่เสร็จมากเกินไป โปรดส่งต่อให้เสร็จหรือยกเลิกก่อน แล้วส่งไฟล์นี้อีกครั้ง"))
    is_full = unfinished.count() >= limits.in_all or _bytes(unfinished) + length > limits.all_bytes
    if is_full or not part_store().has_room(length):
        raise EvidenceRefused("busy", _("ขณะนี้มีไฟล์ที่กำลังส่งเข้ามามาก โปรดส่งอีกครั้งภายหลัง"))


def _bytes(uploads: QuerySet[ResumableUpload]) -> int:
    return int(uploads.aggregate(total=Sum("length"))["total"] or 0)


def safe_offset(upload: ResumableUpload) -> int:
    """Where the next part begins: behind what is told as safe and still lies there."""
    if upload.state != UploadState.RECEIVING:
        return upload.offset
    return part_store().safe_size(upload.public_id, upload.offset)


def take_part(*, by: User, upload: ResumableUpload, offset: int, body: Body | None, size: int = 0) -> ResumableUpload:
    """Writes a part that begins at `offset`; what it returns has the new offset, and is complete with the last byte.

    `size`: bytes of the body. Raises OffsetConflict, PartTooLong, PartBusyError, and Http404 for another's.
    """
    if upload.user_id != by.pk:
        raise Http404
    if upload.state != UploadState.RECEIVING:  # the last part, told again
        return _nothing_more(upload, offset, size)
    store = part_store()
    with store.locked_part(upload.public_id) as part:
        current = ResumableUpload.objects.filter(pk=upload.pk).first()
        if current is None:
            raise Http404
        if current.state != UploadState.RECEIVING:
            return _nothing_more(current, offset, size)
        if offset != (begin := safe_offset(current)):
            raise OffsetConflict(begin)
        if offset + size > current.length:
            raise PartTooLong
        if body is not None:
            offset += store.append_part(part, offset, current.length - offset, body, settings.UPLOAD_LIMITS)
        now, told = timezone.now(), current.offset
        current.offset, current.expires_at = offset, _expiry(now)
        if offset == current.length:
            current.state, current.due_at = UploadState.COMPLETE, now
        # A lock ends with its connection to the database; whoever lost it may not go back behind another.
        values = {name: getattr(current, name) for name in ("offset", "expires_at", "state", "due_at")}
        unchanged = ResumableUpload.objects.filter(pk=current.pk, state=UploadState.RECEIVING, offset=told)
        if not unchanged.update(**values):
            raise PartBusyError(str(current.public_id))
        return current


def _nothing_more(upload: ResumableUpload, offset: int, size: int) -> ResumableUpload:
    if size or offset != upload.offset:
        raise OffsetConflict(upload.offset)
    return upload


def terminate_upload(*, by: User, upload: ResumableUpload) -> None:
    """Gives an upload up and deletes what came of it; one that is complete stays. Raises PartBusyError, Http404."""
    if upload.user_id != by.pk:
        raise Http404
    store = part_store()
    with store.locked_part(upload.public_id):
        given_up = ResumableUpload.objects.filter(pk=upload.pk).exclude(state=UploadState.COMPLETE)
        if given_up.delete()[0]:
            store.remove_part(upload.public_id)
