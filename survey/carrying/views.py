"""Last year's answers: a new round from last year's, what came along, and confirming it one by one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import User
from accounts.roles import Capability
from dgready.language import reader_language
from evidence.attaching import actions as evidence
from evidence.attaching.queries import attachments_by_address
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment
from survey import access
from survey.answering.actions import NotEditable
from survey.assigning import queries as parts
from survey.assigning.views.round_context import round_context
from survey.carrying import actions as carry
from survey.carrying.fit import rename_address
from survey.carrying.links import QuestionLink
from survey.carrying.registry import FaultyLinks, MissingLinks, links_between
from survey.instrument.addresses import item_id_of as address_item
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.values import item_or_column_at
from survey.journal import event_texts as describe
from survey.models import Carried, Instrument, Response, Round
from survey.rounds.actions import RoundAlreadyOpen
from survey.rounds.forms import RoundForm

METHODS = ["GET", "HEAD", "POST"]
RELATIONS: Mapping[str, str | Promise] = {
    "same": gettext_lazy("ข้อเดิม"),
    "reworded": gettext_lazy("ปรับถ้อยคำหรือตัวเลือก"),
    "split": gettext_lazy("แยกเป็นหลายข้อ"),
    "merged": gettext_lazy("รวมจากหลายข้อ"),
    "dropped": gettext_lazy("ไม่ถามแล้ว"),
}


def evidence_to_carry(response: Response) -> dict[str, list[dict[str, Any]]]:
    """The evidence of a response by place, as plain values a later round can point at."""
    return {
        place: [
            {
                "attachment": one.id,
                "name": one.name,
                "sha256": one.sha256,
                "url": one.url,
                "document_date": one.document_date.isoformat() if one.document_date else "",
                "marks": [{"pages": m.pages, "quote": m.quote} for m in one.marks],
            }
            for one in some
        ]
        for place, some in attachments_by_address(response).items()
    }


# -- the next round ---------------------------------------------------------------------------------


@require_http_methods(METHODS)
@allow(Capability.ROUND_MANAGE)
def next_round(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Opens the next round with what this one says, to be confirmed."""
    previous = access.get_round(request.user, code, year, Capability.ROUND_MANAGE)
    later = Instrument.objects.filter(published_at__isnull=False, year__gt=year).defer("source")
    newest = later.order_by("year", "-version").first()
    form = RoundForm(request.POST or None, initial=_suggested_dates(previous, newest) if newest else {})
    form.fields["instrument"].queryset = later  # type: ignore[attr-defined]
    if form.is_bound and form.is_valid():
        instrument = form.cleaned_data["instrument"]
        try:
            with_list = request.POST.get("assign") == "1"
            made = carry.open_next_round(
                by=request.user,
                previous=previous,
                instrument=instrument,
                dates=form.dates(),
                proofs=evidence_to_carry,
                assign=with_list,
            )
        except RoundAlreadyOpen:
            form.add_error("instrument", _("จังหวัดนี้เปิดรอบของปีนี้ไว้แล้ว"))
        except (MissingLinks, FaultyLinks) as problem:
            form.add_error("instrument", _missing_links_message(problem))
        else:
            messages.success(request, _("เปิดรอบใหม่แล้ว คำตอบปีก่อนรอให้ยืนยันทีละข้อ"))
            return redirect("survey:carried", Response.objects.get(round=made, agency=None).pk)
    context = {**round_context(request, previous), "form": form, "newest": newest}
    return render(request, "survey/carrying/next_round.html", context, status=422 if form.errors else 200)


def _suggested_dates(previous: Round, instrument: Instrument) -> dict[str, Any]:
    """The dates of the last round as many years later, the evidence period of the new form."""
    on = instrument.year - previous.year
    return {
        "instrument": instrument,
        "period_from": instrument.period_from,
        "period_to": instrument.period_to,
        "opens_on": _years_later(previous.opens_on, on),
        "agency_due": _years_later(previous.agency_due, on),
        "committee_on": _years_later(previous.committee_on, on),
        "closes_on": _years_later(previous.closes_at.date(), on),
    }


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _missing_links_message(problem: MissingLinks | FaultyLinks) -> str:
    if isinstance(problem, MissingLinks):
        return _("ยังไม่มีไฟล์เชื่อมโยงข้อระหว่างสองปีนี้ เปิดรอบใหม่โดยไม่นำคำตอบมาได้จากหน้ารอบสำรวจ")
    return _("ไฟล์เชื่อมโยงข้อระหว่างสองปีนี้มีข้อผิดพลาด %(count)d จุด โปรดแจ้งผู้ดูแลระบบ") % {"count": len(problem.faults)}


# -- what came along --------------------------------------------------------------------------------


@require_safe
@allow(Capability.RESPONSE_READ, Capability.CONTRIBUTION_READ)
def listing(request: SignedInRequest, pk: int) -> HttpResponse:
    """What came along from last year, what is settled, and what changed between the two forms."""
    response = access.get_response(request.user, pk, Capability.RESPONSE_READ)
    rows = list(read_carried(response).values())
    if not rows and response.round.previous_id is None:
        raise Http404
    context = {
        "response": response,
        "rows": [carried_context(response, row) for row in rows],
        "left": sum(row.settled_at is None for row in rows),
        "changes": _form_changes(response),
    }
    return render(request, "survey/carrying/carried.html", context)


def read_carried(response: Response) -> dict[str, Carried]:
    """What came along for a response by item id of its question. One query, none without an earlier round."""
    if response.round.previous_id is None:
        return {}
    rows = Carried.objects.filter(response=response).select_related("question", "from_response__round", "settled_by")
    found = {}
    for row in rows:
        row.response = response
        found[row.question.item_id] = row
    return found


def carried_context(response: Response, row: Carried) -> dict[str, Any]:
    """What came along for one question, in words."""
    instrument = compiled_instrument(response.round.instrument)
    item = instrument.items[row.question.item_id]
    period = response.round
    return {
        "row": row,
        "id": item.id,
        "title": describe.item_title(item, reader_language()),
        "year": row.from_response.round.year,
        "relation": RELATIONS.get(row.relation, row.relation),
        "lines": answer_lines(response, row),
        "files": [
            {**proof, "outside": _is_outside_period(proof, period), "day": _document_day(proof)}
            for proof in row.evidence
        ],
        "url": reverse("survey:fill", args=[response.pk, item.section]) + f"#q:{item.id}",
    }


def answer_lines(response: Response, row: Carried) -> list[tuple[str, str]]:
    """The old answer as label and value."""
    instrument = compiled_instrument(response.round.instrument)
    out = []
    for address, value in row.value.items():
        where = " › ".join(describe.describe_address(instrument, address, row.value, reader_language()))
        out.append((where or _("คำตอบ"), describe.describe_value(instrument, address, value, reader_language())))
    return out


def _document_day(proof: Mapping[str, Any]) -> date | None:
    given = proof.get("document_date")
    return date.fromisoformat(given) if given else None


def _is_outside_period(proof: Mapping[str, Any], period: Round) -> bool:
    day = _document_day(proof)
    return day is not None and not period.period_from <= day <= period.period_to


def _form_changes(response: Response) -> dict[str, Any]:
    """What changed between the forms: reworded, split, merged, dropped; and what is new."""
    rounds = Round.objects.select_related("instrument").defer("instrument__source")
    previous = rounds.get(pk=response.round.previous_id or 0)
    old, new = compiled_instrument(previous.instrument), compiled_instrument(response.round.instrument)
    try:
        links = links_between(old, new)
    except (MissingLinks, FaultyLinks):
        return {}

    def words(form: Any, names: Sequence[str]) -> list[str]:
        return [describe.item_title(form.items[n], reader_language()) for n in names]

    def change(link: QuestionLink) -> dict[str, Any]:
        return {
            "relation": RELATIONS[link.relation],
            "old": words(old, link.old),
            "new": words(new, link.new),
            "comparable": link.comparable or link.relation == "dropped",
            "options": list(_option_changes(link, old, new)),
        }

    return {"year": previous.year, "links": [change(x) for x in links.changed], "added": words(new, links.added)}


def _option_changes(link: QuestionLink, old: Compiled, new: Compiled) -> Iterator[tuple[str, str]]:
    """The options that go by another name now, or ("") are gone."""
    for address, names in link.options.items():
        before, after = item_or_column_at(old, address), item_or_column_at(new, rename_address(link, address))
        for key, name in names.items():
            there = after.by_key.get(name) if after and name else None
            if before and key in before.by_key:
                yield before.by_key[key].label.to(reader_language()), there.label.to(reader_language()) if there else ""


# -- one by one -------------------------------------------------------------------------------------


def carried_cards(response: Response, writable: Callable[[str], bool]) -> dict[str, SafeString]:
    """What stands on the cards of questions whose old answer is not settled: it, and two buttons. One query or none."""
    out: dict[str, SafeString] = {}
    for question, row in read_carried(response).items():
        if row.settled_at is None:
            context = {"one": carried_context(response, row), "response": response, "writable": writable(question)}
            out[question] = render_to_string("survey/carrying/_card.html", context)
    return out


@require_POST
@allow(Capability.ANSWER_EDIT, Capability.CONTRIBUTION_EDIT)
def settle(request: SignedInRequest, pk: int, item_id: str) -> HttpResponse:
    """Confirms (`take`) or sets aside (`leave`) last year's answer to one question."""
    response = access.get_response(request.user, pk, Capability.ANSWER_EDIT)
    question = access.get_question(response, item_id)
    row = read_carried(response).get(item_id)
    if row is None:
        raise Http404
    back = f"{reverse('survey:fill', args=[pk, question.section])}#q:{item_id}"
    if not access.may_edit_answer(request.user, response, question):
        messages.error(request, _("ข้อนี้ไม่ได้มอบหมายให้หน่วยงานของท่านตอบ หรือส่งไปแล้ว"))
        return redirect(back)
    missed: list[str] = []
    try:
        if request.POST.get("carried") == "leave":
            carry.set_aside_carried(by=request.user, carried=row)
            messages.success(request, _("ไม่ใช้คำตอบปีก่อนในข้อนี้"))
            return redirect(back)
        within = None if response.is_provincial else parts.answer_scope(response).writable.get(item_id, frozenset())
        carry.confirm_carried(
            by=request.user,
            carried=row,
            base_revision=_number(request.POST.get("_revision")),
            attach=partial(_attach_evidence, missed, within, request.user),
            within=within,
        )
    except carry.AlreadySettled:
        messages.warning(request, _("มีผู้ยืนยันหรือไม่ใช้คำตอบนี้ไปก่อนแล้ว"))
    except carry.AnswerChanged:
        messages.warning(request, _("คำตอบปีนี้เปลี่ยนไปหลังจากเปิดหน้านี้ โปรดดูอีกครั้งก่อนยืนยัน"))
    except NotEditable:
        messages.error(request, _("คำตอบชุดนี้แก้ไขไม่ได้ในขณะนี้"))
    else:
        messages.success(request, _("ใช้คำตอบปีก่อนแล้ว ตรวจและแก้ไขให้เป็นของปีนี้ได้"))
    if missed:
        messages.warning(request, _("นำหลักฐานมาไม่ได้: %(names)s") % {"names": ", ".join(missed)})
    return redirect(back)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _attach_evidence(missed: list[str], within: Collection[str] | None, by: User, row: Carried) -> None:
    """Puts last year's evidence at its places; what cannot be put there is named in `missed`."""
    own = [p for p in row.evidence if within is None or address_item(p["address"]) in within]
    rows = Attachment.objects.filter(response=row.from_response_id, public_id__in=[p["attachment"] for p in own])
    found = {str(a.public_id): a for a in rows}
    for proof in own:
        attachment = found.get(proof["attachment"])
        if attachment is None:
            missed.append(proof["name"])
            continue
        place = {"address": proof["address"], "question": row.question}
        try:
            evidence.adopt_evidence(by=by, attachment=attachment, response=row.response, **place)
        except EvidenceRefused:
            missed.append(proof["name"])
