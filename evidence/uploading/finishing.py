"""Attaching what has come whole: once, whoever is killed meanwhile."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
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
from evidence.uploading import parts
from evidence.uploading.targets import TARGETS

log = logging.getLogger(__name__)
FINISH_TASK: Final = "evidence.tasks.finish_upload"
MOST_ATTEMPTS: Final = 5  # at a file that its worker dies of
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)
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
        with parts.locked_part(upload.public_id):
            _finish_locked(upload)
    except parts.PartBusyError:
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
        if parts.size_on_disk(upload.public_id) != upload.length:
            return _refuse(upload, _("ไฟล์ที่ส่งมาไม่ครบ โปรดส่งอีกครั้ง"))
        _take_in(upload)


def _take_in(upload: ResumableUpload) -> None:
    target, user = TARGETS[upload.target], upload.user

    def settle(result: str) -> None:
        now = timezone.now()
        waiting = ResumableUpload.objects.filter(pk=upload.pk, state=UploadState.COMPLETE)
        if not waiting.update(state=UploadState.DONE, result=result, reason="", due_at=None, expires_at=now + KEPT):
            raise _AlreadyFinished

    try:
        if not user.is_active:
            raise Http404
        content = parts.PartContent(parts.part_path(upload.public_id), upload.name)
        target.finish(user, upload.destination, content, upload.name, settle)
    except EvidenceRefused as refused:
        return _refuse(upload, str(refused))
    except Http404:
        return _refuse(upload, _("ท่านแนบไฟล์ที่นี่ไม่ได้แล้ว ไฟล์นี้จึงไม่ได้แนบ"))
    except StoreAwayError as fault:
        return _postpone(upload, fault)
    except _AlreadyFinished:
        pass
    parts.remove_part(upload.public_id)


def _refuse(upload: ResumableUpload, reason: str) -> None:
    upload.state, upload.reason, upload.due_at = UploadState.REFUSED, reason[:500], None
    upload.expires_at = timezone.now() + KEPT
    upload.save(update_fields=["state", "reason", "due_at", "expires_at"])
    parts.remove_part(upload.public_id)


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
    swept = 0
    expired = ResumableUpload.objects.filter(expires_at__lte=now).exclude(state=UploadState.COMPLETE)
    for upload in expired.order_by("expires_at")[:most]:
        try:
            with parts.locked_part(upload.public_id), transaction.atomic():
                still = ResumableUpload.objects.filter(pk=upload.pk, expires_at__lte=now)
                swept += still.exclude(state=UploadState.COMPLETE).delete()[0]
                parts.remove_part(upload.public_id)
        except parts.PartBusyError:
            continue
    return swept + _sweep_orphans(now)


def _sweep_orphans(now: datetime) -> int:
    """Files that were made and whose row never came, or went."""
    old = parts.names_before(now.timestamp() - KEPT.total_seconds())
    known = set(ResumableUpload.objects.filter(public_id__in=old).values_list("public_id", flat=True))
    for public_id in old - known:
        parts.remove_part(public_id)
    return len(old - known)
