"""Views of the letters: the list with what can be made, and the page that words one."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency, Province
from accounts.roles import Capability
from dgready.lazy_values import LazyValues
from dgready.posting import post_only
from dgready.prepared_select import PreparedSelect
from dgready.undo import Undo
from reports.jobs import actions as jobs
from reports.jobs.queries import latest_jobs
from reports.letters import actions
from reports.letters.forms import LetterTextForm, MakeLetterForm
from reports.letters.letters import sample_letter
from reports.letters.merging import find_clashes, merge_texts
from reports.letters.queries import CurrentText, current_text, current_texts, get_revision, list_revisions, text_of
from reports.letters.wording import LetterText, placeholders_of
from reports.models import LetterKind, ReportKind
from survey.access import get_round
from survey.assigning.views.round_context import round_context
from survey.committee.queries import provincial_response
from survey.models import Round

words = allow(Capability.ASSIGN)


@require_safe
@words
@never_cache
def listing(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The letters with what may be chosen of their files, and the files made."""
    return _listing_page(request, get_round(request.user, code, year, Capability.ASSIGN))


@post_only("reports:letters", "code", "year")
@words
def make(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Starts making letters."""
    round_ = get_round(request.user, code, year, Capability.ASSIGN)
    letter = _get_kind(request.POST.get("letter", ""))
    form = MakeLetterForm(request.POST, letter=letter, agencies=_asked_agencies(round_))
    if not form.is_valid():
        return _listing_page(request, round_, form, status=422)
    response = provincial_response(round_)
    job = jobs.start_job(by=request.user, kind=ReportKind.LETTERS, response=response, params=form.params())
    return redirect(f"{reverse('reports:letters', args=[code, year])}#job-{job.public_id}")


@require_http_methods(["GET", "HEAD", "POST"])
@words
@never_cache
def word(request: SignedInRequest, code: str, year: int, letter: str) -> HttpResponse:
    """The text of a letter: looked at beside its form, saved. What somebody else changed meanwhile is shown."""
    round_, kind = get_round(request.user, code, year, Capability.ASSIGN), _get_kind(letter)
    current = current_text(round_.province, kind)
    if request.method != "POST":
        form = LetterTextForm(letter=kind, text=current.text, revision=current.revision)
        return _text_page(request, round_, current, form, current.text)
    form = LetterTextForm(request.POST, letter=kind, text=current.text, revision=current.revision)
    if not form.is_valid():
        return _text_page(request, round_, current, form, form.typed(), status=422)
    if request.POST.get("_do") != "save":
        return _text_page(request, round_, current, form, form.text(), looked=True)
    base = form.cleaned_data["revision"]
    try:
        saved = actions.save_text(by=request.user, province=round_.province, letter=kind, text=form.text(), base=base)
    except actions.TextChanged as changed:
        return _clash_page(request, round_, changed.current, form.text(), base)
    if saved is None:
        messages.info(request, _("ข้อความเหมือนเดิม จึงไม่มีสิ่งที่ต้องบันทึก"))
        return redirect("reports:letter", code, year, letter)
    return redirect(f"{reverse('reports:letter', args=[code, year, letter])}?done=save")


@post_only("reports:letter", "code", "year", "letter")
@words
def restore(request: SignedInRequest, code: str, year: int, letter: str) -> HttpResponse:
    """Makes the shipped text count again."""
    return _step(request, code, year, letter, request.POST.get("revision", ""), "restore")


def _page_of(request: SignedInRequest, code: str, year: int, letter: str, revision: int) -> str:
    return reverse("reports:letter", args=[code, year, letter])


@post_only(_page_of)
@words
def undo(request: SignedInRequest, code: str, year: int, letter: str, revision: int) -> HttpResponse:
    """Puts back what counted before a revision, if that is still the newest."""
    return _step(request, code, year, letter, str(revision), "undo")


def _step(request: SignedInRequest, code: str, year: int, letter: str, revision: str, name: str) -> HttpResponse:
    province = get_round(request.user, code, year, Capability.ASSIGN).province
    kind = _get_kind(letter)
    if not (revision.isascii() and revision.isdecimal() and len(revision) < 10):
        raise Http404
    act = actions.restore_shipped if name == "restore" else actions.undo_last
    try:
        made = act(by=request.user, province=province, letter=kind, base=int(revision))
    except actions.TextChanged:
        messages.warning(request, _("มีผู้แก้ข้อความหลังจากท่านเปิดหน้านี้ จึงยังไม่ได้เปลี่ยน โปรดดูข้อความล่าสุดก่อน"))
        made = None
    page = reverse("reports:letter", args=[code, year, letter])
    return redirect(f"{page}?done={name}" if made else page)


def _get_kind(name: str) -> LetterKind:
    if name not in LetterKind.values:
        raise Http404
    return LetterKind(name)


def _asked_agencies(round_: Round) -> list[Agency]:
    """The agencies that have a part in the round, in Thai order. One query."""
    return _ASKED_AGENCIES.all(round_.pk)


_ASKED_AGENCIES: PreparedSelect[Agency] = PreparedSelect(
    lambda round_: Agency.objects.filter(assignments__round=round_).distinct().order_by("sort_key", "pk")
)


def _listing_page(
    request: SignedInRequest, round_: Round, refused: MakeLetterForm | None = None, *, status: int = 200
) -> HttpResponse:
    agencies, response = _asked_agencies(round_), provincial_response(round_)
    made = latest_jobs(response, [ReportKind.LETTERS], request.user)
    current = current_texts(round_.province)

    def cards() -> dict[str, Any]:
        letters = list(_cards(round_.province, current, agencies, refused))
        return {"letters": letters, "province": round_.province, "round": round_}

    context = {
        **round_context(request, round_),
        "cards": cards() if refused else LazyValues(_state_of_cards(round_, agencies, current), cards),
        "refused": refused,
        "has_agencies": bool(agencies),
        "response": response,
        "jobs": made,
        "waiting": any(job.is_active for job in made),
    }
    return render(request, "reports/letters/letters.html", context, status=status)


def _cards(
    province: Province,
    current: Mapping[LetterKind, CurrentText],
    agencies: list[Agency],
    refused: MakeLetterForm | None,
) -> Iterator[dict[str, Any]]:
    for kind, text in current.items():
        is_refused = refused is not None and refused.data.get("letter") == kind
        form = refused if is_refused and refused else MakeLetterForm(letter=kind, agencies=agencies)
        yield {"kind": kind, "label": kind.label_for(province.kind), "current": text, "form": form}


def _state_of_cards(round_: Round, agencies: list[Agency], current: Mapping[LetterKind, CurrentText]) -> Hashable:
    """All that the cards of the letters show; a day is asked for with today as its example."""
    texts = tuple((kind, one.is_shipped, one.row and (str(one.row.by), one.row.at)) for kind, one in current.items())
    names = tuple((agency.code, agency.name) for agency in agencies)
    return round_.province.code, round_.year, names, texts, timezone.localdate()


def _text_page(
    request: SignedInRequest,
    round_: Round,
    current: CurrentText,
    form: LetterTextForm,
    text: LetterText,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    response, agency = provincial_response(round_), None
    if current.letter.is_of_agencies:
        agency = Agency.objects.filter(assignments__round=round_.pk).order_by("sort_key", "pk").first()
    code, year = round_.province.code, round_.year
    context = {
        **round_context(request, round_),
        "letter_kind": current.letter,
        "label": current.letter.label_for(round_.province.kind),
        "current": current,
        "form": form,
        "letter": sample_letter(response, current, text, agency),
        "placeholders": placeholders_of(current.letter),
        "revisions": list_revisions(round_.province, current.letter),
        "undo_url": reverse("reports:letter-undo", args=[code, year, current.letter.value, current.revision]),
        **more,
    }
    context["undo"] = _offered_undo(request, current, context["undo_url"])
    return render(request, "reports/letters/text.html", context, status=status)


def _offered_undo(request: SignedInRequest, current: CurrentText, url: str) -> Undo | None:
    """The step that was just taken, to be undone."""
    said = {"save": _("บันทึกข้อความแล้ว"), "restore": _("ใช้ข้อความเดิมของระบบแล้ว"), "undo": _("เลิกทำแล้ว")}
    text = said.get(request.GET.get("done", "")) if request.method == "GET" else None
    return Undo(text, url, about=str(current.letter.label)) if text and current.row else None


def _clash_page(
    request: SignedInRequest, round_: Round, current: CurrentText, mine: LetterText, base: int
) -> HttpResponse:
    """What was typed beside what somebody else saved meanwhile; nothing is saved until it is pressed again."""
    kind = current.letter
    read = text_of(get_revision(round_.province, kind, base), kind, department=round_.province.is_department)
    merged = merge_texts(read, current.text, mine)
    form = LetterTextForm(letter=kind, text=merged, revision=current.revision)
    clashes = [(form.fields[c.name].label, c) for c in find_clashes(read, current.text, mine) if c.name in form.fields]
    return _text_page(request, round_, current, form, merged, status=409, clashes=clashes, clashed=True)
