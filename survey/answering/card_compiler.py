"""Compiles the questionnaire: each question becomes one Jinja2 template, once per instrument version and language.

Headings of groups and the official wording of every part are compiled with it.

The files in templates/survey/answering/card/ hold two stages: compiling evaluates [% %] and [[ ]], which walk the
item and write labels, addresses and structure; the result, with {% %} and {{ }}, is the template that a request
renders with values, evidence and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from dgready import thai
from survey.answering.card_code import CardCodeGenerator
from survey.answering.contradictions import checked_addresses
from survey.answering.interface_texts import card_interface_texts, script_text_attributes
from survey.answering.option_layout import lies_on_one_line, negative_option
from survey.instrument.addresses import quote_address
from survey.instrument.official.shown import OfficialTexts
from survey.instrument.proof.by_question import proof_of_question
from survey.instrument.queries import compiled_instrument, official_texts
from survey.instrument.schema import CompiledInstrument, Item, LocalizedText
from survey.linking.registry import links_into
from survey.linking.wording import earlier_question_text
from survey.models import Instrument

CARD_TEMPLATE_DIR = settings.BASE_DIR / "templates" / "survey" / "answering" / "card"
MONTHS = range(1, 13)


Sentences = Mapping[str, Sequence[LocalizedText]]


def compiled_cards(
    row: Instrument, language: str, read_asks: Callable[[Instrument], Sentences]
) -> Mapping[str, Template]:
    """The compiled templates of an instrument's questions and groups of questions, by item id.

    `read_asks`: asked once, when the cards are compiled, what level 5 asks of each question.
    """
    checksums = f"{row.checksum} {row.official_checksum} {row.links_checksum}"
    return _cached_cards(row.pk, checksums, language, _InstrumentRow(row, read_asks))


class _InstrumentRow:
    """Wraps the row for the cached function so that it is not part of the cache key."""

    def __init__(self, row: Instrument, read_asks: Callable[[Instrument], Sentences]) -> None:
        self.row, self.read_asks = row, read_asks

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _InstrumentRow)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=32)
def _cached_cards(pk: int, checksums: str, language: str, instrument_row: _InstrumentRow) -> Mapping[str, Template]:
    row = instrument_row.row
    return compile_cards(compiled_instrument(row), language, official_texts(row), instrument_row.read_asks(row))


class _CompiledCards(dict[str, Template]):
    """The templates of a form's cards by item id, each compiled when it is first asked for: a page shows a few."""

    def __init__(self, instrument: CompiledInstrument, language: str, official: OfficialTexts, asks: Sentences) -> None:
        super().__init__()
        self._instrument, self._language, self._asks = instrument, language, asks
        self._shared_asks = asks_of_groups(instrument, asks)
        self._links = links_into(instrument)
        self._compiling, self._rendering = _compile_environment(language), _render_environment(_CardEnvironment)
        with translation.override(language):
            self._common = {
                "w": card_interface_texts(),
                "checked": checked_addresses(instrument),
                "dga": official,
            }

    def __missing__(self, item_id: str) -> Template:
        template = self[item_id] = self._compile(self._instrument.items[item_id])
        return template

    def _compile(self, item: Item) -> Template:
        """The card of a question, or the heading of a group of questions."""
        with translation.override(self._language):
            source = self._compiling.get_template("card.jinja" if item.question else "group.jinja").render(
                q=item,
                earlier=earlier_question_text(self._links, item.id),
                asks=self._shared_asks.get(item.id) or self._asks.get(item.id, ()),
                asked_above=(item.parent or "") in self._shared_asks,
                has_proof=bool(item.question and proof_of_question(self._instrument, item.id)),
                **self._common,
            )
        return self._rendering.from_string(source)


def compile_cards(
    instrument: CompiledInstrument,
    language: str,
    official: OfficialTexts | None = None,
    asks: Sentences | None = None,
) -> Mapping[str, Template]:
    """The cards of every question of an instrument, and the headings of groups, in one language ("th" or "en").

    `asks`: what level 5 asks, by question. Each card is compiled once, when it is first asked for.
    """
    return _CompiledCards(instrument, language, official or OfficialTexts({}), asks or {})


def asks_of_groups(instrument: CompiledInstrument, asks: Sentences) -> Sentences:
    """What level 5 asks of a group's questions alike, by group: said once, above them."""
    shared: dict[str, Sequence[LocalizedText]] = {}
    for item in instrument.items.values():
        told = [asks[child.id] for child in item.children if asks.get(child.id)] if item.question is None else []
        if len(told) > 1 and all(one == told[0] for one in told):
            shared[item.id] = told[0]
    return shared


@lru_cache(maxsize=8)
def page_template(name: str, language: str) -> Template:
    """The template around the cards ("nav" or "page"), with the interface texts of one language."""
    environment = _render_environment()
    with translation.override(language):
        environment.globals["w"] = texts = card_interface_texts()
    environment.globals["says"] = script_text_attributes(texts)
    return environment.from_string((CARD_TEMPLATE_DIR / f"{name}.jinja").read_text(encoding="utf8"))


def _escape_for_template(value: Any) -> Any:
    """Escape a text written while compiling: for HTML, and so that it opens no tag of the resulting template."""
    if isinstance(value, Markup):
        return value
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))


def _compile_environment(language: str) -> Environment:
    """The Jinja2 environment of compiling, with delimiters of its own."""
    environment = Environment(
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
    environment.filters["to"] = lambda text: text.to(language) if isinstance(text, LocalizedText) else text
    environment.filters["whole"] = lambda text: Markup(thai.wrap_unbreakable_words(_escape_for_template(text)))
    environment.filters["quote"] = quote_address
    environment.globals["on_one_line"] = partial(lies_on_one_line, language=language)
    environment.globals["negative"] = negative_option
    environment.globals["months"] = [
        (f"{m:02d}", thai.format_month(2000, m, language).split(" ", 1)[0]) for m in MONTHS
    ]
    return environment


class _CardEnvironment(Environment):
    """The Jinja2 environment of the compiled cards."""

    code_generator_class = CardCodeGenerator


def _render_environment(kind: type[Environment] = Environment) -> Environment:
    """The Jinja2 environment of templates that requests render."""
    environment = kind(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["quote"] = quote_address
    return environment
