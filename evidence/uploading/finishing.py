"""Attaching what has come whole: once, whoever is killed meanwhile."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dgready.publishing import publish
from dgready.store_away import StoreAwayError
from evidence.files.refusal import EvidenceRefused
from evidence.models import ResumableUpload, UploadState
from evidence.uploading.part_store import PartStore, part_store
from evidence.uploading.parts import PartBusyError, PartContent
from evidence.uploading.targets import TARGETS

log = logging.getLogger(__name__)
FINISH_TASK: Final = "evidence.tasks.finish_upload"
MOST_ATTEMPTS: Final = 5  # at a file that its worker dies of
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
LOOKED_UP: Final = 500  # uploads at once
KEPT: Final = timedelta(hours=24)  # how long the outcome of an upload can be asked for


class _AlreadyFinished(Exception):
    """Somebody else has finished it."""


def finish_soon(upload: ResumableUpload) -> None:
    """Has a complete upload attached: now where that takes no time, else by a task."""
    if upload.state != UploadState.COMPLETE:
        return
    if upload.length <= settings.UPLOAD_LIMITS.at_once:
        finish_upload(upload.pk)
    else:  # where the queue is away the sweep finds it
        publish(FINISH_TASK, upload.pk)


def finish_upload(pk: int) -> None:
    """Attaches a complete upload, or notes why it is refused; nothing where that is done, or being done."""
    upload = ResumableUpload.objects.select_related("user").filter(pk=pk, state=UploadState.COMPLETE).first()
    if upload is None:
        return
    try:
        with part_store().locked_part(upload.public_id):
            _finish_locked(upload)
    except PartBusyError:
        return


def _finish_locked(upload: ResumableUpload) -> None:
    upload.refresh_from_db(fields=["state", "attempts", "offset"])
    if upload.state != UploadState.COMPLETE:
        return
    upload.attempts += 1  # counted when it is begun: a file that kills its worker is not begun for ever
    upload.save(update_fields=["attempts"])
    language = translation.get_language() or upload.user.language
    with translation.override(language):
        if upload.attempts > MOST_ATTEMPTS:
            return _refuse(upload, _("ตรวจไฟล์นี้ไม่สำเร็จ โปรดบันทึกใหม่หรือแบ่งเป็นไฟล์ที่เล็กลง แล้วส่งอีกครั้ง"))
        try:
            with part_store().complete_content(upload.public_id, upload.name, upload.length) as content:
                if content is None:
                    return _refuse(upload, _("ไฟล์ที่ส่งมาไม่ครบ โปรดส่งอีกครั้ง"))
                _take_in(upload, content)
        except StoreAwayError as fault:
            _postpone(upload, fault)


def _take_in(upload: ResumableUpload, content: PartContent) -> None:
    """Raises StoreAwayError."""
    target, user = TARGETS[upload.target], upload.user

    def settle(result: str) -> None:
        now = timezone.now()
        waiting = ResumableUpload.objects.filter(pk=upload.pk, state=UploadState.COMPLETE)
        if not waiting.update(state=UploadState.DONE, result=result, reason="", due_at=None, expires_at=now + KEPT):
            raise _AlreadyFinished

    try:
        if not user.is_active:
            raise Http404
        target.finish(user, upload.destination, content, upload.name, settle)
    except EvidenceRefused as refused:
        return _refuse(upload, str(refused))
    except Http404:
        return _refuse(upload, _("ท่านแนบไฟล์ที่นี่ไม่ได้แล้ว ไฟล์นี้จึงไม่ได้แนบ"))
    except _AlreadyFinished:
        pass
    _remove_parts(upload)


def _refuse(upload: ResumableUpload, reason: str) -> None:
    upload.state, upload.reason, upload.due_at = UploadState.REFUSED, reason[:500], None
    upload.expires_at = timezone.now() + KEPT
    upload.save(update_fields=["state", "reason", "due_at", "expires_at"])
    _remove_parts(upload)


def _remove_parts(upload: ResumableUpload) -> None:
    """Of an upload that is settled; where the store does not answer the sweep does it."""
    try:
        part_store().remove_part(upload.public_id)
    except StoreAwayError as fault:
        log.warning("parts of upload %s stay until the sweep: %s", upload.public_id, fault)


def _postpone(upload: ResumableUpload, fault: Exception) -> None:
    """Keeps the file until the store answers, however long that takes; nobody has to send it again."""
    pause = min(FIRST_PAUSE * 2 ** min(upload.attempts, 10), LONGEST_PAUSE)
    upload.due_at = timezone.now() + pause
    upload.reason = _("คลังไฟล์ยังไม่ตอบ ไฟล์ส่งมาครบแล้ว ระบบจะแนบให้เองเมื่อคลังไฟล์กลับมา")
    upload.attempts -= 1
    upload.save(update_fields=["due_at", "reason", "attempts"])
    log.warning("upload %s waits for the store: %s", upload.public_id, fault)


def due_uploads(now: datetime, most: int) -> list[int]:
    """Complete uploads that are to be attached: their message was lost, or its worker, or they waited."""
    due = ResumableUpload.objects.filter(state=UploadState.COMPLETE, due_at__lte=now)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:most])


def sweep_uploads(now: datetime, most: int) -> int:
    """Deletes what has expired, with its bytes, and bytes that no upload owns; how many."""
    swept, store = 0, part_store()
    expired = ResumableUpload.objects.filter(expires_at__lte=now).exclude(state=UploadState.COMPLETE)
    try:
        for upload in expired.order_by("expires_at")[:most]:
            with suppress(PartBusyError), store.locked_part(upload.public_id), transaction.atomic():
                still = ResumableUpload.objects.filter(pk=upload.pk, expires_at__lte=now)
                swept += still.exclude(state=UploadState.COMPLETE).delete()[0]
                store.remove_part(upload.public_id)
        swept += _sweep_orphans(store, now)
    except StoreAwayError as fault:
        log.warning("expired uploads wait for the store: %s", fault)
    return swept


def _sweep_orphans(store: PartStore, now: datetime) -> int:
    """Bytes whose row never came, or went."""
    moment, swept, kept = now.timestamp() - KEPT.total_seconds(), 0, store.kept_uploads()
    while some := set(islice(kept, LOOKED_UP)):
        known = set(ResumableUpload.objects.filter(public_id__in=some).values_list("public_id", flat=True))
        for public_id in some - known:
            if store.changed_before(public_id, moment):
                store.remove_part(public_id)
                swept += 1
    return swept
