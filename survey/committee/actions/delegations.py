"""Delegating the governor's approval to another person for some days, by a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File as DjangoFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import FourEyesRefused, NotAllowed, RefusedError, end_temporary_role, grant_temporary_role
from accounts.actions.log import record_account_event
from accounts.models import Membership, Province, User
from accounts.roles import Capability, Role
from dgready.disk import file_sha256
from survey.committee.delegation_queries import is_governor
from survey.models import Delegation, Response
from survey.notices import actions as notices
from survey.threads.comments import clean_comment_text
from survey.workflow.four_eyes import written_verbs

MAX_DAYS = 366  # days


@dataclass(frozen=True, slots=True)
class DelegationDocument:
    """The delegation order: its number, and the PDF, which the caller has inspected (evidence.files.sniff)."""

    number: str
    path: Path


def may_delegate(by: User, province: Province) -> bool:
    """Whether the person may delegate: the governor in their own right, or a central administrator; no delegate."""
    central = any(g.province_id is None and Capability.USERS_MANAGE in g.capabilities for g in by.grants)
    return by.is_active and (central or is_governor(by, province.pk))


def create_delegation(
    *, by: User, province: Province, delegate: User, starts_on: date, ends_on: date, document: DelegationDocument
) -> Delegation:
    """Creates a delegation from `starts_on` to `ends_on`, both included. Raises NotAllowed, RefusedError."""
    if not may_delegate(by, province):
        raise NotAllowed
    number = clean_comment_text(document.number, 100)
    if not number:
        raise RefusedError(_("โปรดระบุเลขที่คำสั่ง"))
    sha256, stored = _store_document(document.path, province)
    try:
        with transaction.atomic():
            Province.objects.select_for_update().get(pk=province.pk)  # of two at once the second sees the first
            _check_delegation(province, delegate, starts_on, ends_on)
            membership = grant_temporary_role(
                by=by, user=delegate, role=Role.GOVERNOR, province=province, valid_from=starts_on, valid_to=ends_on
            )
            delegation = Delegation.objects.create(
                province=province,
                delegate=delegate,
                starts_on=starts_on,
                ends_on=ends_on,
                document_number=number,
                document=stored,
                document_sha256=sha256,
                membership=membership,
                by=by,
                at=timezone.now(),
            )
            _log(by, delegation, "delegate")
            _notify_delegate(by, delegation, "delegation")
    except BaseException:
        default_storage.delete(stored)
        raise
    return delegation


def revoke_delegation(*, by: User, delegation: Delegation) -> Delegation:
    """Ends a delegation before its last day; it stops counting at once. Raises NotAllowed, RefusedError."""
    with transaction.atomic():
        if not may_delegate(by, delegation.province):
            raise NotAllowed
        now = timezone.now()
        rows = Delegation.objects.filter(pk=delegation.pk, revoked_at=None)
        if not rows.update(revoked_at=now, revoked_by=by):
            raise RefusedError(_("การมอบอำนาจนี้ถูกยกเลิกไปแล้ว"))
        delegation.revoked_at, delegation.revoked_by = now, by
        if Membership.objects.filter(pk=delegation.membership_id, active=True).exists():
            end_temporary_role(by=by, membership=delegation.membership)
        _log(by, delegation, "delegate_end")
        _notify_delegate(by, delegation, "delegation.revoke")
    return delegation


def delegation_facts(delegation: Delegation) -> dict[str, Any]:
    """What the account log tells of a delegation: its days and its order, and whether it was ended."""
    return {
        "id": delegation.pk,
        "delegate": delegation.delegate_id,
        "starts_on": delegation.starts_on.isoformat(),
        "ends_on": delegation.ends_on.isoformat(),
        "document_number": delegation.document_number,
        "document": str(delegation.document),
        "document_sha256": delegation.document_sha256,
        "membership": delegation.membership_id,
        "revoked": delegation.revoked_at is not None,
    }


def _log(by: User, delegation: Delegation, verb: str) -> None:
    after = delegation_facts(delegation)
    record_account_event(by=by, verb=verb, subject=delegation.delegate, province=delegation.province, after=after)


def _check_delegation(province: Province, delegate: User, starts_on: date, ends_on: date) -> None:
    if starts_on > ends_on:
        raise RefusedError(_("วันสิ้นสุดต้องไม่อยู่ก่อนวันเริ่มต้น"))
    if ends_on < timezone.localdate():
        raise RefusedError(_("ช่วงวันที่ผ่านไปแล้ว"))
    if (ends_on - starts_on).days > MAX_DAYS:
        raise RefusedError(_("มอบอำนาจได้ครั้งละไม่เกิน 1 ปี"))
    if is_governor(delegate, province.pk):
        raise RefusedError(_("ผู้นี้อนุมัติได้อยู่แล้วโดยไม่ต้องมอบอำนาจ"))
    running = Response.objects.filter(round__province=province, round__closes_at__gte=timezone.now(), agency=None)
    if written_verbs(delegate, running.values_list("pk", flat=True)):
        raise FourEyesRefused(_("ผู้นี้กรอกหรือเสนอคำตอบของรอบที่เปิดอยู่ จึงรับมอบอำนาจอนุมัติไม่ได้ เพราะผู้กรอกหรือเสนอต้องไม่ใช่ผู้อนุมัติ"))
    same = Delegation.objects.filter(province=province, delegate=delegate, revoked_at=None)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise RefusedError(_("ผู้นี้ได้รับมอบอำนาจในช่วงวันที่ซ้อนกันอยู่แล้ว"))


def _store_document(path: Path, province: Province) -> tuple[str, str]:
    """The file in the store under a name made of its content; SHA-256 and name."""
    sha256 = file_sha256(path)
    with path.open("rb") as file:
        return sha256, default_storage.save(f"delegations/{province.code}/{sha256}.pdf", DjangoFile(file))


def _notify_delegate(by: User, delegation: Delegation, kind: str) -> None:
    notices.notify(
        users=[delegation.delegate],
        kind=kind,
        key=f"{kind}:{delegation.pk}",
        data={"day": delegation.starts_on.isoformat(), "until": delegation.ends_on.isoformat()},
        url=reverse("survey:delegations", args=[delegation.province.code]),
        at_once=True,
        but=by,
    )
