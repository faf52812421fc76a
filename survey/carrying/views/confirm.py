"""View that confirms last year's answer to one question or sets it aside."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import SignedInRequest, allow
from accounts.models import User
from accounts.roles import Capability
from dgready.posting import post_only
from evidence.attaching import actions as evidence
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment
from survey import access
from survey.answering.actions import NotEditable
from survey.answering.edit_refusals import edit_refusal
from survey.assigning.queries import answer_scope
from survey.carrying.actions import AlreadySettled, AnswerChanged, confirm_carried, set_aside_carried
from survey.carrying.views.carried_answers import read_carried
from survey.instrument.addresses import item_id_of as address_item
from survey.models import Carried


@post_only("survey:carried", "pk")
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
def settle(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Confirms (`take`) or sets aside (`leave`) last year's answer to one question."""
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT)
    question = access.get_question(response, item_id)
    carried = read_carried(response).get(item_id)
    if carried is None:
        raise Http404
    back = f"{reverse('survey:fill', args=[pk, question.section])}#q:{item_id}"
    if not access.may_edit_answer(request.user, response, question):
        messages.error(request, edit_refusal(response, question))
        return redirect(back)
    brought: list[str] = []
    missed: list[str] = []
    try:
        if request.POST.get("carried") == "leave":
            set_aside_carried(by=request.user, carried=carried)
            messages.success(request, _("ไม่ใช้คำตอบปีก่อนในข้อนี้"))
            return redirect(back)
        within = None if response.is_provincial else answer_scope(response).writable.get(item_id, frozenset())
        confirm_carried(
            by=request.user,
            carried=carried,
            base_revision=_number(request.POST.get("_revision")),
            attach=partial(_attach_evidence, brought, missed, within, request.user),
            within=within,
        )
    except AlreadySettled:
        messages.warning(request, _("มีผู้ยืนยันหรือไม่ใช้คำตอบนี้ไปก่อนแล้ว"))
    except AnswerChanged:
        messages.warning(request, _("คำตอบปีนี้เปลี่ยนไปหลังจากเปิดหน้านี้ โปรดดูอีกครั้งก่อนยืนยัน"))
    except NotEditable:
        messages.error(request, edit_refusal(response, question))
    else:
        messages.success(request, _("ใช้คำตอบปีก่อนแล้ว ตรวจและแก้ไขให้เป็นของปีนี้ได้"))
        if brought:
            text = _("นำหลักฐานมาด้วย %(n)d รายการ ยังไม่นับจนกว่าจะยืนยัน: %(names)s")
            messages.info(request, text % {"n": len(brought), "names": ", ".join(brought)})
        if missed:
            messages.warning(request, _("นำหลักฐานมาไม่ได้: %(names)s") % {"names": ", ".join(missed)})
    return redirect(back)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _attach_evidence(
    brought: list[str], missed: list[str], within: Collection[str] | None, by: User, carried: Carried
) -> None:
    """Attaches last year's evidence at its places: named in `brought`, what cannot be in `missed` with the reason."""
    wanted = [p for p in carried.evidence if within is None or address_item(p["address"]) in within]
    rows = Attachment.objects.filter(response=carried.from_response_id, public_id__in=[p["attachment"] for p in wanted])
    attachments = {str(a.public_id): a for a in rows}
    for proof in wanted:
        attachment = attachments.get(proof["attachment"])
        if attachment is None:
            missed.append(_missed(proof["name"], _("ปีก่อนนำออกไปแล้ว")))
            continue
        place = {"address": proof["address"], "question": carried.question}
        try:
            with transaction.atomic():
                evidence.adopt_evidence(by=by, attachment=attachment, response=carried.response, **place)
            brought.append(proof["name"])
        except EvidenceRefused as refused:
            missed.append(_missed(proof["name"], str(refused)))


def _missed(name: str, why: str) -> str:
    return f"{name} ({why})"
