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
from survey.answering.interface_texts import words
from survey.instrument.queries import instrument_of
from survey.instrument.schema import Instrument as Compiled
from survey.instrument.schema import Text
from survey.models import Instrument

FORM_DIR = settings.BASE_DIR / "templates" / "survey" / "answering" / "card"
MONTHS = range(1, 13)


def cards_of(row: Instrument, language: str) -> Mapping[str, Template]:
    """A template per question, by item id."""
    return _cards(row.pk, row.checksum, language, _Held(row))


class _Held:
    """Carries the row into the cached function without being part of its key."""

    def __init__(self, row: Instrument) -> None:
        self.row = row

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _cards(pk: int, checksum: str, language: str, held: _Held) -> Mapping[str, Template]:
    return compile_cards(instrument_of(held.row), language)


def compile_cards(instrument: Compiled, language: str) -> dict[str, Template]:
    """Compiles every question of an instrument in one language ("th" or "en")."""
    with translation.override(language):
        stage_one = _stage_one(language)
        card = stage_one.get_template("card.jinja")
        stage_two = _stage_two()
        return {
            question.id: stage_two.from_string(card.render(q=question, w=words())) for question in instrument.questions
        }


@lru_cache(maxsize=8)
def template(name: str, language: str) -> Template:
    """What stands around the cards ("nav", "page"), with the words of one language."""
    env = _stage_two()
    with translation.override(language):
        env.globals["w"] = words()
    return env.from_string((FORM_DIR / f"{name}.jinja").read_text(encoding="utf8"))


def _bake(value: Any) -> Any:
    """Stage one's output is a template: its text is escaped for HTML and kept from opening a tag of stage two."""
    if isinstance(value, Markup):
        return value
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))


def _stage_one(language: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(FORM_DIR),
        block_start_string="[%",
        block_end_string="%]",
        variable_start_string="[[",
        variable_end_string="]]",
        comment_start_string="[#",
        comment_end_string="#]",
        autoescape=True,
        finalize=_bake,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    env.filters["to"] = lambda text: text.to(language) if isinstance(text, Text) else text
    env.filters["whole"] = lambda text: Markup(thai.whole_words(_bake(text)))
    env.filters["quote"] = lambda text: quote(text, safe="")
    env.globals["months"] = [(f"{m:02d}", thai.format_month(2000, m, language).split(" ", 1)[0]) for m in MONTHS]
    return env


def _stage_two() -> Environment:
    env = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    env.filters["quote"] = lambda text: quote(text, safe="")
    return env
