"""Renders the compiled question cards with a response's answers, evidence, errors and states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from jinja2 import Template

from dgready.thai import BE_OFFSET
from survey.answering.card_acts import CLEARED, CardAct, status_text
from survey.answering.contradictions import Contradictions, join_messages
from survey.answering.queries import AnswerRow
from survey.instrument import addresses
from survey.instrument.off_path import off_path_reason, off_path_state
from survey.instrument.path import OffPathReason, QuestionnairePath
from survey.instrument.progress import Progress
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.instrument.values import InvalidField, format_value, item_or_column_at


class EvidenceFile(Protocol):
    """An attached file, as far as a card shows it."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def marked(self) -> bool:
        """Whether a passage is marked."""


@dataclass(frozen=True, slots=True)
class AnswerState:
    """Revision, unsure mark and note of an answer, as a card shows them."""

    revision: int = 0
    unsure: bool = False
    note: str = ""


@dataclass(slots=True)
class CardContext:
    """Everything needed to render cards of one response for one user.

    `writable`, `shown`: the questions this user may change, and those that are shown at all (None: every one).
    `folded`: questions that lie folded, with their progress.
    `given_rest`: table columns whose last rows were just answered in one act, with these rows.
    `act`: what was just done to one of the cards. `way`: what follows the addresses that a card posts to.
    `new_row_id`: gives the id of an empty row that stands ready, not among those taken (None: a random one).
    """

    base: str
    path: QuestionnairePath
    values: Mapping[str, AnswerValue]
    answers: Mapping[str, AnswerRow]
    cards: Mapping[str, Template]
    language: str
    csrf: str = ""
    owner: str = ""
    readonly: bool = False
    writable: Collection[str] | None = None
    shown: Collection[str] | None = None
    evidence: Mapping[str, Sequence[EvidenceFile]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    contradictions: Contradictions = field(default_factory=dict)
    extra_row: str = ""
    given_rest: Mapping[str, str] = field(default_factory=dict)
    folded: Mapping[str, Progress] = field(default_factory=dict)
    act: CardAct | None = None
    way: str = ""
    new_row_id: Callable[[Collection[str]], str] | None = None

    @property
    def instrument(self) -> CompiledInstrument:
        """The instrument of the response."""
        return self.path.instrument

    def is_shown(self, question: str) -> bool:
        """Whether a question is shown to this user."""
        return self.shown is None or question in self.shown

    def is_read_only(self, question: str) -> bool:
        """Whether this user cannot change a question."""
        return self.readonly or (self.writable is not None and question not in self.writable)


def render_section(context: CardContext, section_id: str, replaced: Mapping[str, str] | None = None) -> str:
    """Render all cards of a section in order, with group headings. `replaced`: cards already rendered, by id."""
    parts: list[str] = []
    for item in context.instrument.by_section[section_id].items:
        _collect_cards(context, item, parts, replaced or {})
    return "".join(parts)


def _collect_cards(context: CardContext, item: Item, parts: list[str], replaced: Mapping[str, str]) -> None:
    if item.question == item.id:
        if context.is_shown(item.id):
            parts.append(replaced.get(item.id) or render_card(context, item))
    elif item.question is None and any(i.question == i.id and context.is_shown(i.id) for i in item.descendants()):
        parts.append(_render(context.cards[item.id]))
    for child in item.items:
        if child.question != item.question or item.question is None:
            _collect_cards(context, child, parts, replaced)


def render_card(context: CardContext, question: Item, *, invalid: Sequence[InvalidField] = ()) -> str:
    """Render a question card; with `invalid`, the typed texts stay on screen with the reasons."""
    if (reason := off_path_reason(context.path, question)) is not None:
        return render_skipped_card(context, question, reason)
    values = {**context.values, **{i.address: _typed_value(i) for i in invalid}} if invalid else context.values
    answer = context.answers.get(question.id)
    state = AnswerState(answer.revision, answer.unsure, answer.note) if answer else AnswerState()
    act = context.act if context.act and context.act.shown_at(question.id, state.revision) else None
    return _render(
        context.cards[question.id],
        g=values.get,
        e=lambda place: context.evidence.get(place, ()),
        err={i.address: i.message(context.language) for i in invalid},
        rows=_row_lister(values, context, context.is_read_only(question.id)),
        month=lambda value: str(value)[5:7],
        be_year=_be_year,
        a=state,
        u=context.base,
        way=context.way,
        csrf=context.csrf,
        owner=context.owner,
        ro=context.is_read_only(question.id),
        notes=context.notes.get(question.id, ""),
        clash=_contradiction_texts(context, question),
        given=context.given_rest,
        fold=None if invalid else context.folded.get(question.id),
        status=saved_status(context, answer, act),
        undo=act.back if act else None,
    )


def _render(template: Template, **variables: object) -> str:
    """HTML of a compiled card. Template.render would also copy the functions of Jinja2, which no card uses."""
    environment = template.environment
    context = environment.context_class(environment, variables, template.name, template.blocks)
    return environment.concat(template.root_render_func(context))


def _contradiction_texts(context: CardContext, question: Item) -> dict[str, str]:
    fields = context.contradictions.get(question.id, {})
    return {address: join_messages(messages, context.language) for address, messages in fields.items()}


def render_skipped_card(context: CardContext, question: Item, off: OffPathReason) -> str:
    """Render the placeholder of a question off the path: its wording and the reason, or what it waits for."""
    state = off_path_state(context.path, off)
    variables = {
        "question": question,
        "label": question.ask.to(context.language),
        "reason": skip_reason_text(context, state.reason),
        "waiting": [
            (
                item.code or item.ask.to(context.language),
                f"{context.base}fill/{item.section}/#{quote(f'q:{item.question or item.id}')}",
            )
            for item in state.waiting
        ],
    }
    return render_to_string("survey/answering/_skipped.html", variables)


def skip_reason_text(context: CardContext, off: OffPathReason) -> str:
    """The reason why an item is skipped, as a sentence."""
    items = context.instrument.items
    if off.skip:
        source = items[off.skip.source]
        picked = source.by_key[off.skip.option].title.to(context.language)
        return _("เพราะข้อ %(code)s ตอบว่า “%(option)s”") % {"code": source.code or source.id, "option": picked}
    rule = items[off.item].when
    codes = []
    for address in rule.addresses() if rule else ():
        source = items[addresses.item_id_of(address)]
        codes.append(source.code or source.ask.to(context.language))
    return _("เพราะคำตอบของข้อ %(codes)s ไม่ตรงเงื่อนไขของข้อนี้") % {"codes": ", ".join(dict.fromkeys(codes))}


def saved_status(context: CardContext, answer: AnswerRow | None, act: CardAct | None = None) -> str:
    """Status line of an answer: when and by whom it was saved or cleared, or what else was just done to it."""
    if answer is None:
        return _("ยังไม่ได้ตอบ")
    kind = act.kind if act else "" if answer.value or answer.unsure else CLEARED
    return status_text(answer.saved_at, answer.saved_by, context.language, kind)


def _typed_value(invalid: InvalidField) -> AnswerValue:
    return list(invalid.raw) if len(invalid.raw) != 1 else invalid.raw[0]


def _be_year(value: AnswerValue) -> str:
    """The Buddhist-era year of "YYYY-MM"; of other input the typed year."""
    if isinstance(value, list):
        return value[1] if len(value) > 1 else ""
    return str(int(value[:4]) + BE_OFFSET) if value[:4].isdigit() and len(value) == 7 else ""


def _row_lister(
    values: Mapping[str, AnswerValue], context: CardContext, locked: bool
) -> Callable[[str, str, int], list[str]]:
    new_id = context.new_row_id or addresses.new_row_id

    def rows(address: str, blank: str, least: int) -> list[str]:
        posted = values.get(address)
        stored = [row for row in posted if addresses.ROW_ID_PATTERN.match(row)] if isinstance(posted, list) else []
        if locked:
            return stored
        # A first row stands ready where one is asked for, so that the form can be filled without JavaScript.
        wanted = address == context.extra_row or (least and not stored and "__" not in address)
        return [*stored, *([new_id(stored)] if wanted else []), blank]

    return rows


def display_value(context: CardContext, address: str, value: AnswerValue | None) -> str:
    """A value in display form."""
    owner = item_or_column_at(context.instrument, address)
    return format_value(owner, value, context.language) if owner else ""
