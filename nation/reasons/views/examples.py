"""Views of examples: items that have any, rows to pick from, one row as it is published."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import SignedInRequest, allow, require_central
from accounts.made_once import made_once
from accounts.roles import Capability
from dgready.language import localize_text
from dgready.lazy_values import LazyValues
from dgready.posting import post_only
from dgready.same_objects import SameObjects
from dgready.undo import Undo
from nation.models import PickedExample
from nation.reasons import example_actions, example_queries, queries
from nation.reasons.example_rows import block_of, example_items
from nation.reasons.forms import MOST_EXAMPLE, ExampleForm
from nation.reasons.personal_data import PersonalMark, personal_marks
from survey.instrument.schema import CompiledInstrument, Item

MARK_WORDS = {
    PersonalMark.MAIL: gettext_lazy("อีเมล"),
    PersonalMark.PHONE: gettext_lazy("หมายเลขโทรศัพท์"),
    PersonalMark.CITIZEN: gettext_lazy("เลขประจำตัวประชาชน"),
    PersonalMark.NAME: gettext_lazy("ชื่อบุคคล"),
}


def mark_words(text: str) -> str:
    """What looks like personal data in a text, in words; empty for nothing."""
    return ", ".join(str(MARK_WORDS[mark]) for mark in personal_marks(text))


@require_safe
@allow(Capability.NATION_READ)
def examples(request: SignedInRequest, year: int) -> HttpResponse:
    """The items at which provinces said something in words, with how many examples are picked."""
    require_central(request.user, Capability.NATION_READ)
    form = queries.read_form(year)
    counts = example_queries.count_examples(year)

    def make() -> dict[str, Any]:
        items = example_queries.list_example_items(form, counts) if form else []
        return {"year": year, "rows": [(one, _ask(form, one.item), *_question(form, one.item)) for one in items]}

    context = {"year": year, "list": LazyValues((year, SameObjects(form), counts), make)}
    return render(request, "nation/reasons/examples.html", context)


def _ask(form: CompiledInstrument | None, item: Item) -> str:
    """What an item asks, after the option that opens it: many texts are asked for in the same words."""
    owner, _sign, key = (item.opened_by or "").rpartition("=")
    opener = form.items.get(owner) if form else None
    option = opener.by_key.get(key) if opener else None
    ask = localize_text(item.ask)
    return f"{localize_text(option.label)}: {ask}" if option else ask


def _question(form: CompiledInstrument | None, item: Item) -> tuple[str, str]:
    code, question, _ask = queries.describe_item(form, item.id)
    return code, "" if question == item.ask else localize_text(question)


def _get_item(year: int, item: str) -> tuple[CompiledInstrument, Item]:
    form = queries.read_form(year)
    found = example_items(form).get(item) if form else None
    if form is None or found is None:
        raise Http404
    return form, found


@require_safe
@allow(Capability.NATION_READ)
def examples_of(request: SignedInRequest, year: int, item: str) -> HttpResponse:
    """The rows of one item by province, those picked marked; and what is published."""
    require_central(request.user, Capability.NATION_READ)
    form, asked = _get_item(year, item)
    page, offers = example_queries.read_example_page(year, asked, request.GET.get("page"))
    picked = example_queries.picked_of(year, item)
    active = {(one.response_id, one.address) for one in picked if one.active}
    code, question = _question(form, asked)
    context = {
        "year": year,
        "item": item,
        "code": code,
        "question": question,
        "ask": _ask(form, asked),
        "page": page,
        "provinces": [
            (offer.response, [(row, (offer.response.pk, row.address) in active) for row in offer.rows])
            for offer in offers
        ],
        "picked": [one for one in picked if one.active],
        "undo": _undo(request, year, item, picked),
        "may_manage": request.user.has(Capability.NATION_MANAGE),
    }
    return render(request, "nation/reasons/examples_of.html", context)


def _undo(request: SignedInRequest, year: int, item: str, picked: list[PickedExample]) -> Undo | None:
    """After one was taken back, the way to put it back."""
    gone = next((one for one in picked if not one.active and str(one.pk) == request.GET.get("dropped")), None)
    if gone is None:
        return None
    url = reverse("nation:example-restore", args=[year, item, gone.pk])
    return Undo(_("ถอนตัวอย่างของ%(province)sแล้ว") % {"province": gone.province.name}, url, about=gone.province.name)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(Capability.NATION_MANAGE)
@made_once
def example_pick(request: SignedInRequest, year: int, item: str, response: int) -> HttpResponse:
    """One row as the province wrote it, and as it is to be published; a post publishes it."""
    require_central(request.user, Capability.NATION_MANAGE)
    year_form, asked = _get_item(year, item)
    found = example_queries.find_example_row(year, asked, response, request.GET.get("row", ""))
    if found is None:
        raise Http404
    answer, row = found
    picked = example_queries.picked_of(year, item)
    before = next((one for one in picked if (one.response_id, one.address) == (answer.pk, row.address)), None)
    form = ExampleForm(request.POST or None, initial={"text": (before.text if before else row.text)[:MOST_EXAMPLE]})
    if form.is_bound and form.is_valid():
        text, block = form.cleaned_data["text"], block_of(year_form, asked)
        example_actions.pick_example(by=request.user, year=year, block=block, response=answer, row=row, text=text)
        messages.success(request, _("เลือกเป็นตัวอย่างแล้ว"))
        return redirect("nation:examples-of", year, item)
    context = {
        "year": year,
        "item": item,
        "form": form,
        "row": row,
        "response": answer,
        "province": answer.round.province,
        "ask": localize_text(asked.ask),
        "marks": mark_words(form.data.get("text", row.text) if form.is_bound else row.text),
    }
    return render(request, "nation/reasons/example_pick.html", context, status=422 if form.is_bound else 200)


@post_only("nation:examples-of", "year", "item")
@allow(Capability.NATION_MANAGE)
def example_drop(request: SignedInRequest, year: int, item: str, number: int) -> HttpResponse:
    """Takes an example back; undone on the page that follows."""
    example = _get_example(request, year, item, number)
    example_actions.drop_example(by=request.user, example=example)
    return redirect(f"{reverse('nation:examples-of', args=[year, item])}?dropped={example.pk}")


@post_only("nation:examples-of", "year", "item")
@allow(Capability.NATION_MANAGE)
def example_restore(request: SignedInRequest, year: int, item: str, number: int) -> HttpResponse:
    """Puts an example back."""
    example = _get_example(request, year, item, number)
    example_actions.restore_example(by=request.user, example=example)
    messages.success(request, _("คืนตัวอย่างแล้ว"))
    return redirect("nation:examples-of", year, item)


def _get_example(request: SignedInRequest, year: int, item: str, number: int) -> PickedExample:
    require_central(request.user, Capability.NATION_MANAGE)
    example = example_queries.picked_rows(year, item).filter(pk=number).first()
    if example is None:
        raise Http404
    return example
