"""Writes of the right of reply: the window, objections of a province, decisions of the centre; each is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.log import RefusedError
from accounts.actions.log import record_account_event as log
from accounts.models import Province, User
from accounts.roles import Capability
from nation.models import Objection, ObjectionDecision, ObjectionEvidence, ReplyWindow
from nation.replies.queries import EvidenceChoice, find_window
from nation.replies.rules import EvidenceFault, decided_score
from scoring.results.actions.correcting import correct_sub_pillar
from scoring.results.queries import PROVINCE, read_results
from survey.notices import recipients
from survey.notices.actions import notify

State = Objection.State
MAX_FILES: Final = 20  # of one objection: what the centre can read


@transaction.atomic
def set_window(*, by: User, year: int, opens_on: date, closes_on: date) -> ReplyWindow:
    """Sets the days on which a year's results may be contested. Earlier days stay in the log."""
    before = ReplyWindow.objects.select_for_update().filter(year=year).first()
    values = {"opens_on": opens_on, "closes_on": closes_on}
    told = {name: getattr(before, name).isoformat() for name in values} if before else None
    now = {name: day.isoformat() for name, day in values.items()}
    if before is not None and told == now:
        return before
    window, _made = ReplyWindow.objects.update_or_create(
        year=year, defaults={**values, "set_by": by, "set_at": timezone.now()}
    )
    log(by=by, verb="reply_window", before=told, after={"year": year, **now})
    return window


@transaction.atomic
def save_objection(
    *,
    by: User,
    province: Province,
    year: int,
    code: str,
    ground: str,
    wanted: Decimal,
    evidence: Sequence[EvidenceChoice],
) -> Objection:
    """Writes a draft, or what is filed anew; raises RefusedError outside the window and for what may not be."""
    _require_window(year)
    _check_evidence(evidence)
    results = read_results(province, year)[0]
    published = results.figures.get((PROVINCE, "sub_pillar", code)) if results else None
    if results is None or published is None:
        raise RefusedError(_("ยังไม่มีผลที่ประกาศของตัวชี้วัดย่อยนี้ จึงโต้แย้งไม่ได้"))
    if wanted <= published.score:
        raise RefusedError(_("คะแนนที่ขอต้องสูงกว่าผลที่ประกาศ (%(score)s)") % {"score": f"{published.score:f}"})
    row = Objection.objects.select_for_update(of=("self",)).filter(province=province, year=year, code=code).first()
    before = objection_facts(row) if row else None
    if row is None:
        row = Objection(province=province, year=year, code=code)
    elif row.state == State.DECIDED:
        raise RefusedError(_("วินิจฉัยแล้ว แก้ไขไม่ได้"))
    elif row.state == State.FILED:
        raise RefusedError(_("ยื่นแล้ว หากจะแก้ไข ให้ถอนก่อน"))
    row.official, row.edition = published.score, results.edition
    row.ground, row.wanted, row.state = ground, wanted, State.DRAFT
    row.filed_by = row.filed_at = None
    if before is None:
        row.written_by, row.written_at = by, timezone.now()
    row.save()
    _put_evidence(row, evidence)
    after = objection_facts(row)
    if before != after:  # saved again as it is, nobody wrote it anew
        row.written_by, row.written_at = by, timezone.now()
        row.save(update_fields=["written_by", "written_at"])
        log(by=by, verb="objection_write", province=province, before=before, after=after)
    return row


@transaction.atomic
def file_objection(*, by: User, objection: Objection) -> Objection:
    """Files a draft: from now on the centre sees it. Raises RefusedError outside the window or for what is no draft."""
    _require_window(objection.year)
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.state != State.DRAFT:
        raise RefusedError(_("ยื่นได้เฉพาะร่าง"))
    row.state, row.filed_by, row.filed_at = State.FILED, by, timezone.now()
    row.save(update_fields=["state", "filed_by", "filed_at"])
    log(by=by, verb="objection_file", province=row.province, after=objection_facts(row))
    data = {"province": row.province.name_th, "code": row.code, "year": row.year}
    notify(
        users=recipients.central_users_with_capability(Capability.NATION_MANAGE),
        kind="objection.filed",
        key=f"objection.filed:{row.pk}:{row.filed_at.isoformat()}",
        data=data,
        url=reverse("nation:reply-decide", args=[row.year, row.pk]),
        but=by,
    )
    return row


@transaction.atomic
def withdraw_objection(*, by: User, objection: Objection) -> Objection:
    """Takes an objection back; it may be written and filed anew while the window is open. Raises RefusedError."""
    row = Objection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
    if row.state not in (State.DRAFT, State.FILED):
        raise RefusedError(_("ถอนไม่ได้ เพราะวินิจฉัยหรือถอนไปแล้ว"))
    _require_window(row.year)
    before = row.state
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    log(
        by=by,
        verb="objection_withdraw",
        province=row.province,
        before={"state": before},
        after={"id": row.pk, "year": row.year, "code": row.code, "state": row.state},
    )
    return row


@transaction.atomic
def decide_objection(
    *, by: User, objection: Objection, outcome: str, score: Decimal | None, reason: str, seen: int
) -> ObjectionDecision:
    """Decides an objection, anew where it was decided before; publishes the edition that follows, tells the province.

    `score`: of a partial one. `seen`: how many decisions the person saw. Raises RefusedError; then nothing is changed.
    """
    row = Objection.objects.select_for_update(of=("self",)).select_related("province").get(pk=objection.pk)
    earlier = list(ObjectionDecision.objects.filter(objection=row).order_by("number"))
    if row.state not in (State.FILED, State.DECIDED):
        raise RefusedError(_("วินิจฉัยได้เฉพาะเรื่องที่จังหวัดยื่นไว้"))
    if len(earlier) != seen:
        raise RefusedError(_("มีผู้วินิจฉัยเรื่องนี้ไปแล้วหลังจากที่ท่านเปิดหน้า โปรดอ่านคำวินิจฉัยล่าสุดก่อน"))
    if not reason.strip():
        raise RefusedError(_("โปรดเขียนเหตุผลของคำวินิจฉัย"))
    holds = _decided_score(row, outcome, score, earlier)
    source = _("คำวินิจฉัยข้อโต้แย้งเลขที่ %(number)s ครั้งที่ %(time)s: %(outcome)s") % {
        "number": row.pk,
        "time": len(earlier) + 1,
        "outcome": ObjectionDecision.Outcome(outcome).label,
    }
    made = correct_sub_pillar(by=by, province=row.province, year=row.year, code=row.code, score=holds, source=source)
    decision = ObjectionDecision.objects.create(
        objection=row,
        number=len(earlier) + 1,
        outcome=outcome,
        score=holds,
        reason=reason,
        edition=made.edition if made else None,
        by=by,
        at=timezone.now(),
    )
    Objection.objects.filter(pk=row.pk).update(state=State.DECIDED)
    before = decision_facts(earlier[-1]) if earlier else None
    log(by=by, verb="objection_decide", province=row.province, before=before, after=decision_facts(decision))
    _tell_province(row, decision)
    return decision


def _decided_score(
    row: Objection, outcome: str, given: Decimal | None, earlier: Sequence[ObjectionDecision]
) -> Decimal:
    results = read_results(row.province, row.year)[0]
    published = results.figures.get((PROVINCE, "sub_pillar", row.code)) if results else None
    if published is None:
        raise RefusedError(_("ไม่มีผลที่ประกาศของตัวชี้วัดย่อยนี้แล้ว"))
    if outcome not in ObjectionDecision.Outcome.values:
        raise RefusedError(_("โปรดเลือกคำวินิจฉัย"))
    last = earlier[-1].score if earlier and earlier[-1].outcome != ObjectionDecision.Outcome.REFUSED else None
    holds = decided_score(outcome, row.official, row.wanted, given, published.score, last)
    if holds is None:
        limits = {"low": f"{row.official:f}", "high": f"{row.wanted:f}"}
        raise RefusedError(_("รับบางส่วน ต้องให้คะแนนระหว่าง %(low)s กับ %(high)s") % limits)
    return holds


def _tell_province(row: Objection, decision: ObjectionDecision) -> None:
    """A notice to those of the province who read and file; the reason is on the page."""
    data = {
        "code": row.code,
        "year": row.year,
        "score": f"{decision.score:f}",
    }
    notify(
        users=recipients.users_with_capability(row.province_id, Capability.SUBMIT, Capability.APPROVE),
        kind=f"objection.decided.{decision.outcome}",
        key=f"objection.decided:{row.pk}:{decision.number}",
        data=data,
        url=reverse("nation:reply", args=[row.province.code, row.year]),
        at_once=True,
        but=decision.by,
    )


def _require_window(year: int) -> None:
    window, today = find_window(year), timezone.localdate()
    if window is None or today < window.opens_on:
        raise RefusedError(_("ยังไม่เปิดรับข้อโต้แย้งผลปีนี้"))
    if not window.is_open(today):
        raise RefusedError(_("พ้นกำหนดรับข้อโต้แย้งผลปีนี้แล้ว"))


def _check_evidence(evidence: Sequence[EvidenceChoice]) -> None:
    if len(evidence) > MAX_FILES:
        raise RefusedError(_("เลือกได้ไม่เกิน %(n)s ไฟล์") % {"n": MAX_FILES})
    for choice in evidence:
        if choice.fault is EvidenceFault.NEWER:
            raise RefusedError(_("“%(name)s” ใหม่กว่าวันปิดรอบ ใช้โต้แย้งไม่ได้") % {"name": choice.name})
        if choice.fault is EvidenceFault.UNDATED:
            words = _("“%(name)s” ยังไม่มีวันที่ของเอกสาร ระบุวันที่ในคลังเอกสารก่อน") % {"name": choice.name}
            raise RefusedError(words)


def _put_evidence(row: Objection, evidence: Sequence[EvidenceChoice]) -> None:
    """Makes the chosen files those of the objection; what stays keeps its row. The log tells what there was."""
    chosen = {choice.file: choice for choice in evidence}
    ObjectionEvidence.objects.filter(objection=row).exclude(file__in=chosen).delete()
    kept = set(ObjectionEvidence.objects.filter(objection=row).values_list("file_id", flat=True))
    ObjectionEvidence.objects.bulk_create(
        ObjectionEvidence(objection=row, source=one.source, file_id=file, name=one.name, dated=one.dated)
        for file, one in chosen.items()
        if file not in kept and one.dated is not None  # what has no day was refused before
    )


def objection_facts(row: Objection) -> dict[str, Any]:
    """What the account log tells of an objection, with its files by name and content. One query, none if prefetched."""
    if "evidence" in getattr(row, "_prefetched_objects_cache", {}):
        files = [*row.evidence.all()]
    else:
        files = [*ObjectionEvidence.objects.filter(objection=row).select_related("file").order_by("pk")]
    return {
        "id": row.pk,
        "year": row.year,
        "code": row.code,
        "official": f"{row.official:.2f}",
        "edition": row.edition,
        "ground": row.ground,
        "wanted": f"{row.wanted:.2f}",
        "state": row.state,
        "evidence": [[one.source, one.name, one.dated.isoformat(), one.file.sha256] for one in files],
    }


def decision_facts(row: ObjectionDecision) -> dict[str, Any]:
    """What the account log tells of a decision."""
    return {
        "id": row.pk,
        "objection": row.objection_id,
        "number": row.number,
        "outcome": row.outcome,
        "score": f"{row.score:.2f}",
        "reason": row.reason,
        "edition": row.edition,
    }
