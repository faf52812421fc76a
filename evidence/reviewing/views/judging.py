"""Views that judge a piece of evidence, take a judgement back, and send rejected evidence back to its agency."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.posting import post_only
from evidence import access
from evidence.attaching.actions.verdicts import VERB
from evidence.files.refusal import EvidenceRefused
from evidence.models import Verdict
from evidence.reviewing.actions import judge_attachment, undo_judgement
from evidence.reviewing.queue import read_queue
from evidence.reviewing.returning import parts_to_return, rejected_by_agency
from evidence.reviewing.views.queue import Judged, queue_url, read_filter, render_queue
from survey.access import get_provincial_response
from survey.contributing.actions import return_parts
from survey.models import Event, Response

_STATUS = {"reason": 422, "verdict": 422}  # of a refusal; any other is a conflict with what is so now

reviews = allow(Capability.EVIDENCE_REVIEW)


@post_only("evidence:listing", "pk")
@reviews
def judge(request: SignedInRequest, pk: int, public_id: UUID) -> HttpResponse:
    """Judges one attachment, then shows the next one of the queue."""
    attachment = access.get_attachment(request.user, pk, public_id, Capability.EVIDENCE_REVIEW)
    provincial, sent = _provincial(request, attachment.response), request.POST
    verdict, reason = sent.get("verdict", ""), sent.get("reason", "")
    try:
        if verdict not in Verdict.values or (not verdict and "verdict" not in sent):
            raise EvidenceRefused("verdict", _("โปรดเลือกผลตรวจ"))
        event = judge_attachment(
            by=request.user,
            attachment=attachment,
            verdict=verdict,
            reason=reason if verdict != Verdict.ACCEPTED else "",
            seen=sent.get("seen", ""),
            with_source="with_source" in sent,
        )
    except EvidenceRefused as refused:
        query = sent.copy()
        query["at"] = str(public_id)
        shown = Judged(verdict, reason, refused)
        return render_queue(request, provincial, query, shown, status=_STATUS.get(refused.reason, 409))
    judged = f"{public_id}.{event.seq}" if event else ""
    return redirect(queue_url(provincial.pk, read_filter(sent), at=sent.get("next", ""), judged=judged) + "#hand")


@post_only("evidence:listing", "pk")
@reviews
def undo(request: SignedInRequest, pk: int, public_id: UUID, number: int) -> HttpResponse:
    """Puts back what stood before a judgement; `number`: of its event."""
    attachment = access.get_attachment(request.user, pk, public_id, Capability.EVIDENCE_REVIEW)
    provincial = _provincial(request, attachment.response)
    event = Event.objects.filter(response=pk, seq=number, verb=VERB, data__attachment=str(public_id)).first()
    if event is None:
        raise Http404
    try:
        undo_judgement(by=request.user, attachment=attachment, event=event)
    except EvidenceRefused as refused:
        query = QueryDict(mutable=True)
        query["at"], query["state"] = str(public_id), "all"
        shown = Judged(attachment.verdict, attachment.verdict_reason, refused)
        return render_queue(request, provincial, query, shown, status=409)
    messages.success(request, _("เลิกทำแล้ว: %(name)s") % {"name": attachment.name})
    return redirect(queue_url(provincial.pk, read_filter(request.GET), at=str(public_id)) + "#hand")


@post_only("evidence:review", "pk")
@reviews
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """Returns an agency's parts that have rejected evidence, each with a list of it as the reason."""
    response = get_provincial_response(request.user, pk, Capability.EVIDENCE_REVIEW)
    code = request.POST.get("agency", "")
    agency = next((a for a in rejected_by_agency(read_queue(response)) if a.code == code), None)
    moved = return_parts(by=request.user, chosen=parts_to_return(response.round, agency)) if agency else 0
    if agency and moved:
        words = {"n": moved, "agency": agency.name}
        text = ngettext("ส่งกลับให้ %(agency)s แก้แล้ว %(n)d ส่วน", "ส่งกลับให้ %(agency)s แก้แล้ว %(n)d ส่วน", moved)
        messages.success(request, text % words)
    else:
        messages.warning(request, _("ไม่มีส่วนที่ส่งกลับได้ หน่วยงานอาจถอนไปแก้แล้ว หรือปิดรอบแล้ว"))
    return redirect(queue_url(pk, read_filter(request.POST)))


def _provincial(request: SignedInRequest, response: Response) -> Response:
    """The provincial answer of a response's round."""
    if response.is_provincial:
        return response
    key = Response.objects.only("pk").get(round=response.round_id, agency=None).pk
    return get_provincial_response(request.user, key, Capability.EVIDENCE_REVIEW)
