"""Views of one item's reasons: each text once with its code, suggestions and their preview, undoing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, allow, require_central
from accounts.actions.log import RefusedError
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.posting import post_only
from dgready.previews import sign_preview, unsign_preview
from dgready.thai import format_datetime
from dgready.undo import Undo
from nation.models import CodingAct, ReasonCode
from nation.reasons import actions, queries
from nation.reasons.actions import Choice, CodingOutcome
from nation.reasons.queries import WrittenText
from nation.reasons.suggesting import Suggestion

PER_PAGE = 25
SALT = "nation.reason-suggestions"
MAX_SIGNED = 200_000  # characters of a preview in the page


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text as the page shows it. `field`: the end of the names of its inputs."""

    field: str
    written: WrittenText
    code: str
    suggestion: Suggestion | None
    suggested: str
    provinces: str


def field_of(folded: str) -> str:
    """The end of the names of a text's inputs: texts are too long for names."""
    return sha256(folded.encode()).hexdigest()[:16]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_READ)
def reason(request: SignedInRequest, year: int, item: str) -> HttpResponse:
    """Each text of an item once, with how many provinces wrote it and a choice of codes; a post stores the choices."""
    require_central(request.user, Capability.NATION_READ)
    texts = queries.read_written_reasons(year, item).get(item)
    if texts is None:
        raise Http404
    if request.method != "POST":
        return _item_page(request, year, item, texts)
    require_central(request.user, Capability.NATION_MANAGE)
    choices = {
        one.folded: Choice(request.POST.get(f"was-{field}", ""), request.POST[f"code-{field}"])
        for one in texts
        if f"code-{(field := field_of(one.folded))}" in request.POST
    }
    try:
        outcome = actions.code_reasons(by=request.user, year=year, item=item, choices=choices)
    except RefusedError as refusal:
        return _item_page(request, year, item, texts, refused=str(refusal))
    _tell(request, outcome)
    query = request.GET.urlencode()
    return redirect(reverse("nation:reason", args=[year, item]) + (f"?{query}" if query else ""))


def _tell(request: SignedInRequest, outcome: CodingOutcome) -> None:
    if outcome.changed:
        messages.success(request, _("บันทึกแล้ว %(n)s ข้อความ") % {"n": outcome.changed})
    elif not outcome.conflicts:
        messages.info(request, _("ไม่มีอะไรเปลี่ยน"))
    if outcome.conflicts:
        words = _("มีผู้จัดข้อความเหล่านี้ไปแล้วระหว่างที่ท่านทำ จึงไม่ได้เขียนทับ %(n)s ข้อความ ดูอีกครั้งด้านล่าง")
        messages.warning(request, words % {"n": len(outcome.conflicts)})


def _item_page(
    request: SignedInRequest, year: int, item: str, texts: list[WrittenText], *, refused: str = ""
) -> HttpResponse:
    coded = queries.read_item_codes(year, item)
    open_only = request.GET.get("show") == "open"
    shown = [one for one in texts if not open_only or one.folded not in coded]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    form, codes = queries.read_form(year), queries.list_codes(year)
    waiting = [one.folded for one in texts if one.folded not in coded]
    suggestions = queries.read_suggestions(year, item, waiting, codes, form)
    code_of, question, ask = queries.describe_item(form, item)
    context: dict[str, Any] = {
        "year": year,
        "item": item,
        "code": code_of,
        "question": localize_text(question),
        "ask": localize_text(ask),
        "codes": [(code.key, code_label(code)) for code in codes],
        "page": page,
        "rows": [_row(one, coded, suggestions, codes) for one in page],
        "open_only": open_only,
        "texts": len(texts),
        "waiting": len(waiting),
        "suggested": len(suggestions),
        "undo": _undo(year, item),
        "refused": refused,
        "may_manage": request.user.has(Capability.NATION_MANAGE),
    }
    return render(request, "nation/reasons/item.html", context, status=422 if refused else 200)


def _undo(year: int, item: str) -> Undo | None:
    act = queries.last_act(year, item)
    if act is None:
        return None
    told = {"n": len(act.changes), "who": act.by.get_full_name(), "when": format_datetime(act.at)}
    url = reverse("nation:reason-undo", args=[year, item, act.pk])
    return Undo(_("จัดล่าสุด %(n)s ข้อความ โดย %(who)s เมื่อ %(when)s") % told, url)


def _row(
    one: WrittenText, coded: Mapping[str, str], suggestions: Mapping[str, Suggestion], codes: list[ReasonCode]
) -> TextRow:
    suggestion = suggestions.get(one.folded)
    labels = {code.key: code_label(code) for code in codes}
    return TextRow(
        field_of(one.folded),
        one,
        coded.get(one.folded, ""),
        suggestion,
        labels.get(suggestion.code, "") if suggestion else "",
        ", ".join(localize_text(name) for name in one.provinces),
    )


def code_label(code: ReasonCode) -> str:
    """The label of a code in the reader's language."""
    return localize_text(queries.label_of(code))


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
def reason_suggested(request: SignedInRequest, year: int, item: str) -> HttpResponse:
    """What using all suggestions would do; a post does exactly what was shown."""
    require_central(request.user, Capability.NATION_MANAGE)
    if request.method == "POST":
        return _use_suggestions(request, year, item)
    texts = queries.read_written_reasons(year, item).get(item)
    if texts is None:
        raise Http404
    coded = queries.read_item_codes(year, item)
    form, codes = queries.read_form(year), queries.list_codes(year)
    waiting = [one for one in texts if one.folded not in coded]
    suggestions = queries.read_suggestions(year, item, [one.folded for one in waiting], codes, form)
    rows = [_row(one, coded, suggestions, codes) for one in waiting if one.folded in suggestions]
    signed = sign_preview(SALT, request.user.pk, year, [item, [[r.written.folded, _key_of(r)] for r in rows]])
    code_of, question, _ask = queries.describe_item(form, item)
    context = {
        "year": year,
        "item": item,
        "code": code_of,
        "question": localize_text(question),
        "rows": rows,
        "left": len(waiting) - len(rows),
        "signed": signed if len(signed) <= MAX_SIGNED else "",
    }
    return render(request, "nation/reasons/suggested.html", context)


def _key_of(row: TextRow) -> str:
    return row.suggestion.code if row.suggestion else ""


def _use_suggestions(request: SignedInRequest, year: int, item: str) -> HttpResponse:
    try:
        of_item, pairs = unsign_preview(SALT, request.user.pk, year, request.POST.get("signed", ""))
        if of_item != item:
            raise signing.BadSignature
        choices = {folded: Choice("", key) for folded, key in pairs}
        outcome = actions.code_reasons(by=request.user, year=year, item=item, choices=choices)
    except signing.BadSignature:
        messages.error(request, _("ข้อเสนอที่แสดงหมดอายุแล้ว ดูข้อเสนออีกครั้ง"))
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        _tell(request, outcome)
    return redirect("nation:reason", year, item)


@post_only("nation:reason", "year", "item")
@allow(Capability.NATION_MANAGE)
def reason_undo(request: SignedInRequest, year: int, item: str, number: int) -> HttpResponse:
    """Undoes one act of coding."""
    require_central(request.user, Capability.NATION_MANAGE)
    act = CodingAct.objects.filter(year=year, item=item, pk=number).first()
    if act is None:
        raise Http404
    try:
        outcome = actions.undo_coding(by=request.user, act=act)
    except RefusedError as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("เลิกทำแล้ว %(n)s ข้อความกลับเป็นเดิม") % {"n": outcome.changed})
        if outcome.conflicts:
            messages.warning(request, _("%(n)s ข้อความถูกแก้หลังจากนั้น จึงคงไว้") % {"n": len(outcome.conflicts)})
    return redirect("nation:reason", year, item)
