"""The questionnaire page is compiled: each question becomes one Jinja2 template, once per version and language.

Two stages with one look (templates/survey/answering/card/): stage one, with [% %] and [[ ]], walks the frozen item
and bakes in labels, addresses and structure; what it leaves, with {% %} and {{ }}, is the template that a
request fills with values, evidence and errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from dgready import thai
from survey.answering.interface_texts import card_interface_texts
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument as Compiled
from survey.instrument.schema import LocalizedText
from survey.models import Instrument

CARD_TEMPLATE_DIR = settings.BASE_DIR / "templates" / "survey" / "answering" / "card"
MONTHS = range(1, 13)


def compiled_cards(row: Instrument, language: str) -> Mapping[str, Template]:
    """A template per question, by item id."""
    return _cached_cards(row.pk, row.checksum, language, _InstrumentRow(row))


class _InstrumentRow:
    """Carries the row into the cached function without being part of its key."""

    def __init__(self, row: Instrument) -> None:
        self.row = row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InstrumentRow)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _cached_cards(pk: int, checksum: str, language: str, held: _InstrumentRow) -> Mapping[str, Template]:
    return compile_cards(compiled_instrument(held.row), language)


def compile_cards(instrument: Compiled, language: str) -> dict[str, Template]:
    """Compiles every question of an instrument in one language ("th" or "en")."""
    with translation.override(language):
        stage_one = _compile_environment(language)
        card = stage_one.get_template("card.jinja")
        stage_two = _render_environment()
        return {
            question.id: stage_two.from_string(card.render(q=question, w=card_interface_texts()))
            for question in instrument.questions
        }


@lru_cache(maxsize=8)
def page_template(name: str, language: str) -> Template:
    """What stands around the cards ("nav", "page"), with the words of one language."""
    env = _render_environment()
    with translation.override(language):
        env.globals["w"] = card_interface_texts()
    return env.from_string((CARD_TEMPLATE_DIR / f"{name}.jinja").read_text(encoding="utf8"))


def _escape_for_template(value: Any) -> Any:
    """Stage one's output is a template: its text is escaped for HTML and kept from opening a tag of stage two."""
    if isinstance(value, Markup):
        return value
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))


def _compile_environment(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(CARD_TEMPLATE_DIR),
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        autoescape=True,
        finalize=_escape_for_template,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.filters["to"] = lambda text: text.to(language) if isinstance(text, LocalizedText) else text
    env.filters["whole"] = lambda text: Markup(thai.wrap_unbreakable_words(_escape_for_template(text)))
    env.filters["quote"] = lambda text: quote(text, safe="")
    env.globals["months"] = [(f"{m:02d}", thai.format_month(2000, m, language).split(" ", 1)[0]) for m in MONTHS]
    return env


def _render_environment() -> Environment:
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    env.filters["quote"] = lambda text: quote(text, safe="")
    return env
