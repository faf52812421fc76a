"""Views of a province: its official result beside its own scores, and its objections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import ALL_PROVINCES, SignedInRequest, allow, province_ids_with_capability
from accounts.actions import RefusedError
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.posting import post_only
from evidence import store
from evidence.scanning.queries import is_withheld
from nation.models import Objection, ObjectionEvidence
from nation.replies import actions
from nation.replies.access import get_answer
from nation.replies.actions import MAX_FILES
from nation.replies.comparison import SubPillarScores
from nation.replies.forms import ObjectionForm
from nation.replies.queries import (
    ContestedResult,
    EvidenceChoice,
    find_window,
    list_answer_files,
    list_kept_files,
    list_library_files,
    read_choices,
    read_contested_result,
    read_own_objection,
)
from reports.system.views.stored_file import WantedFile, stored_file_answer
from scoring.scheme import registry
from survey.models import Response, Round


@require_safe
@allow(Capability.RESPONSE_READ)
def reply(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The province's result per sub-pillar: official, self-score, reviewers' score, and what is contested."""
    answer = get_answer(request.user, code, year, Capability.RESPONSE_READ)
    round_ = answer.round
    try:
        result = read_contested_result(answer)
    except (registry.MissingScheme, registry.FaultyScheme):
        return render(request, "nation/replies/no_scheme.html", _page(request, round_))
    rows = _rows(result, may_see_drafts(request))
    context = {**_page(request, round_), "result": result, "rows": rows, "response": result.answer}
    return render(request, "nation/replies/reply.html", context)


def _page(request: SignedInRequest, round_: Round) -> dict[str, Any]:
    """What every page of a province says: the window and whether this person writes in it. One query."""
    window, today = find_window(round_.year), timezone.localdate()
    is_open = window is not None and window.is_open(today)
    may_write = request.user.has(Capability.SUBMIT, province_id=round_.province_id)
    return {
        "round": round_,
        "province": round_.province,
        "window": window,
        "is_open": is_open,
        "is_early": window is not None and today < window.opens_on,
        "days_left": window.days_left(today) if window is not None and is_open else None,
        "may_write": may_write and is_open,
    }


def may_see_drafts(request: SignedInRequest) -> bool:
    """Whether the person is of the province, not of the centre: a draft is the province's own."""
    return province_ids_with_capability(request.user, Capability.NATION_READ) is not ALL_PROVINCES


def _rows(result: ContestedResult, drafts: bool) -> list[dict[str, Any]]:
    """Every sub-pillar as shown, with its objection."""
    shown = {code: one for code, one in result.objections.items() if drafts or one.filed_at is not None}
    return [
        {
            "scores": one,
            "name": localize_text(one.name),
            "questions": [(question, localize_text(question.name)) for question in one.questions],
            "objection": shown.get(one.code),
        }
        for one in result.sub_pillars
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.SUBMIT)
@made_once
def objection_edit(request: SignedInRequest, code: str, year: int, sub: str) -> HttpResponse:
    """Writing an objection to one sub-pillar: ground, wanted score, files; kept as a draft or filed."""
    answer = get_answer(request.user, code, year, Capability.SUBMIT)
    round_ = answer.round
    try:
        result = read_contested_result(answer, read_own_objection(answer, sub))
    except (registry.MissingScheme, registry.FaultyScheme) as error:
        raise Http404 from error
    scores = result.sub_pillar(sub)
    if scores is None:
        raise Http404
    objection = result.objections.get(sub)
    form, chosen = _read_form(request, round_, objection)
    if form.is_bound and form.is_valid():
        try:
            row = _save(request, round_, sub, form, chosen)
        except RefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            filed = row.state == Objection.State.FILED
            messages.success(request, _("ยื่นข้อโต้แย้งแล้ว") if filed else _("บันทึกร่างแล้ว ยังไม่ยื่น"))
            return redirect("nation:reply", code, year)
    page = {**_page(request, round_), **_edit_context(result, scores, objection), "form": form}
    if page["may_write"] and page["editable"]:
        page |= _file_context(request, answer, scores, chosen)
    return render(request, "nation/replies/objection.html", page, status=422 if form.errors else 200)


def _read_form(
    request: SignedInRequest, round_: Round, objection: Objection | None
) -> tuple[ObjectionForm, list[EvidenceChoice]]:
    """The form, and the files that are chosen: as sent, else as stored."""
    cut_off = timezone.localdate(round_.closes_at)
    if request.method == "POST":
        chosen = read_choices(round_, request.POST.getlist("evidence")[: MAX_FILES * 2], cut_off, objection)
        if request.POST.get("do") not in ("save", "file"):  # a search in the library keeps what is typed, and no more
            typed = {name: request.POST.get(name, "") for name in ("ground", "wanted")}
            return ObjectionForm(initial=typed), chosen
        return ObjectionForm(request.POST), chosen
    initial = {"ground": objection.ground, "wanted": objection.wanted} if objection else {}
    return ObjectionForm(initial=initial), list_kept_files(objection, cut_off) if objection else []


def _save(
    request: SignedInRequest, round_: Round, sub: str, form: ObjectionForm, chosen: list[EvidenceChoice]
) -> Objection:
    row = actions.save_objection(
        by=request.user,
        province=round_.province,
        year=round_.year,
        code=sub,
        ground=form.cleaned_data["ground"],
        wanted=form.cleaned_data["wanted"],
        evidence=chosen,
    )
    return actions.file_objection(by=request.user, objection=row) if request.POST.get("do") == "file" else row


def _edit_context(result: ContestedResult, scores: SubPillarScores, objection: Objection | None) -> dict[str, Any]:
    """The sub-pillar, and whether its objection may be written."""
    return {
        "response": result.answer,
        "scores": scores,
        "name": localize_text(scores.name),
        "questions": [(question, localize_text(question.name)) for question in scores.questions],
        "objection": objection,
        "edition_name": result.published.edition_name if result.published else "",
        "editable": objection is None or objection.state in (Objection.State.DRAFT, Objection.State.WITHDRAWN),
    }


def _file_context(
    request: SignedInRequest, answer: Response, scores: SubPillarScores, chosen: list[EvidenceChoice]
) -> dict[str, Any]:
    """The files to choose from: of the questions, of the library (`q`); those chosen are ticked. Two queries."""
    cut_off = timezone.localdate(answer.round.closes_at)
    text = (request.POST.get("q", "") or request.GET.get("q", ""))[:100].strip()
    files = list_answer_files(answer, scores.items, text, cut_off)
    documents = list_library_files(answer, text, cut_off)
    listed = {one.file for one in (*files, *documents)}
    return {
        "groups": [
            (_("ที่เลือกไว้"), [one for one in chosen if one.file not in listed]),
            (_("หลักฐานในคำตอบ"), files),
            (_("คลังเอกสารของฝ่ายเลขานุการ"), documents),
        ],
        "ticked": {one.file for one in chosen},
        "cut_off": cut_off,
        "max_files": MAX_FILES,
        "text": text,
    }


@post_only("nation:reply", "code", "year")
@allow(Capability.SUBMIT)
def objection_withdraw(request: SignedInRequest, code: str, year: int, sub: str) -> HttpResponse:
    """Takes an objection back; it may be written anew while the window is open."""
    round_ = get_answer(request.user, code, year, Capability.SUBMIT).round
    objection = Objection.objects.filter(province=round_.province, year=year, code=sub).first()
    if objection is None:
        raise Http404
    try:
        actions.withdraw_objection(by=request.user, objection=objection)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("ถอนข้อโต้แย้งแล้ว เขียนและยื่นใหม่ได้จนถึงวันสุดท้ายที่รับ"))
    return redirect("nation:reply", code, year)


@require_safe
@allow(Capability.RESPONSE_READ)
def objection_file(request: SignedInRequest, code: str, year: int, number: int) -> HttpResponseBase:
    """A file of an objection, as it was when it was chosen; a draft's only for its own province."""
    round_ = get_answer(request.user, code, year, Capability.RESPONSE_READ).round
    rows = ObjectionEvidence.objects.select_related("file", "objection")
    row = rows.filter(pk=number, objection__province=round_.province_id, objection__year=year).first()
    if row is None or (row.objection.filed_at is None and not may_see_drafts(request)):
        raise Http404
    if is_withheld(row.file, request.user):
        messages.error(request, _("ไฟล์นี้ยังเปิดไม่ได้ เพราะยังไม่ผ่านการตรวจไวรัส"))
        return redirect("nation:reply", code, year)
    wanted = WantedFile(
        store=store.STORE,
        stored=row.file.stored,
        sha256=row.file.sha256,
        name=row.name,
        media_type=row.file.media_type,
        back=reverse("nation:reply", args=[code, year]),
        province=round_.province,
    )
    return stored_file_answer(request, wanted)
