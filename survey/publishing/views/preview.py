"""The preview of a form: its real cards, page by page, empty or with made-up answers. Nothing is saved."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from survey.answering.card_compiler import compiled_cards
from survey.answering.card_renderer import CardContext, render_section
from survey.contributing.views.level_five import level_five_sentences
from survey.instrument.path import QuestionnairePath, resolve_path
from survey.instrument.queries import compiled_instrument, official_texts
from survey.models import Instrument
from survey.publishing.made_up_answers import made_up_answers
from survey.publishing.views.access import get_form

# What a card leads to belongs to a response, and there is none: links and buttons become plain text.
_BASE: Final = "/preview-of-nothing/"
_FORM: Final = re.compile(r'<form class="q"([^>]*?) method="post" action="[^"]*"([^>]*?) novalidate>')
_HIDDEN: Final = re.compile(r'<input type="hidden"[^>]*>')
_ACTS: Final = re.compile(r'<footer class="q-foot">.*?</footer>|<button\b[^>]*>.*?</button>', re.DOTALL)
_LINK: Final = re.compile(rf'<a\b[^>]*href="{_BASE}[^"]*"[^>]*>(.*?)</a>', re.DOTALL)


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def first(request: SignedInRequest, number: int) -> HttpResponse:
    """Leads to the first page of the preview."""
    row = get_form(request, number)
    return redirect("survey:year-form-preview", number, compiled_instrument(row).sections[0].id)


@require_safe
@allow(Capability.INSTRUMENTS_MANAGE)
def preview(request: SignedInRequest, number: int, section: str) -> HttpResponse:
    """One page of the form as people will see it; with `?filled=1` with made-up answers."""
    row = get_form(request, number)
    instrument = compiled_instrument(row)
    at = [s.id for s in instrument.sections].index(section) if section in instrument.by_section else None
    if at is None:
        raise Http404
    filled = request.GET.get("filled") == "1"
    sections = instrument.sections
    context = {
        "row": row,
        "section": sections[at],
        "title": sections[at].title.to(reader_language()),
        "pages": [(s.id, s.sub_pillar or "", s.title.to(reader_language())) for s in sections],
        "previous": sections[at - 1].id if at else None,
        "following": sections[at + 1].id if at + 1 < len(sections) else None,
        "filled": filled,
        "query": "?filled=1" if filled else "",
        "help": sections[at].help.to(reader_language()) if sections[at].help else "",
        "definition": official_texts(row).definition(section),
        "cards": _cards(row, section, filled),
    }
    return render(request, "survey/publishing/preview.html", context)


def _cards(row: Instrument, section: str, filled: bool) -> SafeString:
    path = _path(row.pk, row.checksum, filled, _Row(row))
    language = reader_language()
    cards = compiled_cards(row, language, level_five_sentences)
    context = CardContext(base=_BASE, path=path, values=path.values, answers={}, cards=cards, language=language)
    return mark_safe(_without_acts(render_section(context, section)))  # cards escape what they show


def _without_acts(html: str) -> str:
    """The cards with nothing to send and nowhere to go."""
    html = _ACTS.sub("", _HIDDEN.sub("", html))
    html = _FORM.sub(r'<div class="q"\1\2>', html).replace("</form>", "</div>")
    return _LINK.sub(r'<span class="text-body-secondary">\1</span>', html)


class _Row:
    """Wraps the row for the cached function so that it is no part of the cache key."""

    def __init__(self, row: Instrument) -> None:
        self.row = row

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, _Row)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4)
def _path(pk: int, checksum: str, filled: bool, wrapped: _Row) -> QuestionnairePath:
    instrument = compiled_instrument(wrapped.row)
    return resolve_path(instrument, made_up_answers(instrument) if filled else {})
