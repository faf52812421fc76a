"""Filling the compiled cards with a response's answers, evidence, errors and states."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from jinja2 import Template
from markupsafe import Markup

from dgready.thai import BE_OFFSET, format_datetime
from survey.answering.queries import AnswerRow
from survey.instrument import addresses
from survey.instrument.path import OffPathReason, QuestionnairePath
from survey.instrument.schema import AnswerValue, CompiledInstrument, Item
from survey.instrument.values import InvalidField, format_value, item_or_column_at


class EvidenceFile(Protocol):
    """What a card shows of an attached file."""

    @property
    def name(self) -> str:
        """The file's name."""

    @property
    def marked(self) -> bool:
        """Whether a passage is marked."""


@dataclass(frozen=True, slots=True)
class AnswerState:
    """What a card shows about its answer row."""

    revision: int = 0
    unsure: bool = False
    note: str = ""


@dataclass(slots=True)
class CardContext:
    """Everything needed to show cards of one response to one person.

    `writable`, `shown`: the questions this person may change, and those that are there at all (None: every one).
    """

    base: str
    path: QuestionnairePath
    values: Mapping[str, AnswerValue]
    answers: Mapping[str, AnswerRow]
    cards: Mapping[str, Template]
    language: str
    csrf: str = ""
    readonly: bool = False
    writable: Collection[str] | None = None
    shown: Collection[str] | None = None
    evidence: Mapping[str, Sequence[EvidenceFile]] = field(default_factory=dict)
    official: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    extra_row: str = ""

    @property
    def instrument(self) -> CompiledInstrument:
        """The instrument shown."""
        return self.path.instrument

    def shows(self, question: str) -> bool:
        """Whether a question stands on this person's pages."""
        return self.shown is None or question in self.shown

    def locks(self, question: str) -> bool:
        """Whether a question can only be read."""
        return self.readonly or (self.writable is not None and question not in self.writable)


def render_section(sheet: CardContext, section_id: str, replaced: Mapping[str, str] | None = None) -> str:
    """All cards of a page in order, with the headings of groups. `replaced`: cards already rendered."""
    parts: list[str] = []
    for item in sheet.instrument.by_section[section_id].items:
        _collect_cards(sheet, item, parts, replaced or {})
    return "".join(parts)


def _collect_cards(sheet: CardContext, item: Item, parts: list[str], replaced: Mapping[str, str]) -> None:
    if item.question == item.id:
        if sheet.shows(item.id):
            parts.append(replaced.get(item.id) or render_card(sheet, item))
    elif item.question is None and any(i.question == i.id and sheet.shows(i.id) for i in item.descendants()):
        parts.append(render_group_heading(sheet, item))
    for child in item.items:
        if child.question != item.question or item.question is None:
            _collect_cards(sheet, child, parts, replaced)


def render_group_heading(sheet: CardContext, item: Item) -> str:
    """The heading of a group whose questions follow."""
    code = Markup('<span class="q-code">{}</span> ').format(item.code) if item.code else ""
    more = Markup('<details class="q-help"><summary>{}</summary><p>{}</p></details>')
    text = more.format(_("คำอธิบาย"), item.help.to(sheet.language)) if item.help else ""
    return Markup('<div class="q-group" id="q:{}"><h2>{}{}</h2>{}</div>').format(
        item.id, code, item.ask.to(sheet.language), text
    )


def render_card(sheet: CardContext, question: Item, *, invalid: Sequence[InvalidField] = ()) -> str:
    """One question card; with `invalid`, what was typed stays on screen with the reasons."""
    if (off := off_path_reason(sheet.path, question)) is not None:
        return render_skipped_card(sheet, question, off)
    values = {**sheet.values, **{i.address: _typed_value(i) for i in invalid}}
    answer = sheet.answers.get(question.id)
    state = AnswerState(answer.revision, answer.unsure, answer.note) if answer else AnswerState()
    return sheet.cards[question.id].render(
        g=values.get,
        e=lambda place: sheet.evidence.get(place, ()),
        err={i.address: i.say(sheet.language) for i in invalid},
        rows=_row_lister(values, sheet, sheet.locks(question.id)),
        month=lambda value: str(value)[5:7],
        be_year=_be_year,
        a=state,
        u=sheet.base,
        csrf=sheet.csrf,
        ro=sheet.locks(question.id),
        official=sheet.official,
        notes=sheet.notes.get(question.id, ""),
        status=saved_status(sheet, answer),
    )


def off_path_reason(path: QuestionnairePath, question: Item) -> OffPathReason | None:
    """Why a question is off the path, looking at the items around it too."""
    if question.id in path.on_items:
        return None
    current: Item | None = question
    while current is not None:
        if current.id in path.off:
            return path.off[current.id]
        current = path.instrument.items.get(current.parent) if current.parent else None
    return OffPathReason(question.id)


def render_skipped_card(sheet: CardContext, question: Item, off: OffPathReason) -> str:
    """The place of a question that is off the path: its wording and why."""
    context = {"question": question, "label": question.ask.to(sheet.language), "reason": skip_reason_text(sheet, off)}
    return render_to_string("survey/answering/_skipped.html", context)


def skip_reason_text(sheet: CardContext, off: OffPathReason) -> str:
    """Why an item is skipped, in words."""
    items = sheet.instrument.items
    if off.skip:
        source = items[off.skip.source]
        picked = source.by_key[off.skip.option].label.to(sheet.language)
        return _("เพราะข้อ %(code)s ตอบว่า “%(option)s”") % {"code": source.code or source.id, "option": picked}
    rule = items[off.item].when
    codes = []
    for place in rule.addresses() if rule else ():
        source = items[addresses.item_id_of(place)]
        codes.append(source.code or source.ask.to(sheet.language))
    return _("เพราะคำตอบของข้อ %(codes)s ไม่ตรงเงื่อนไขของข้อนี้") % {"codes": ", ".join(dict.fromkeys(codes))}


def saved_status(sheet: CardContext, answer: AnswerRow | None) -> str:
    """When and by whom the answer was saved."""
    if answer is None:
        return _("ยังไม่ได้ตอบ")
    return saved_status_text(answer.saved_at, answer.saved_by, sheet.language)


def saved_status_text(at: datetime, who: str, language: str) -> str:
    """When and by whom, as a status line."""
    moment = format_datetime(timezone.localtime(at), language, "short")
    return _("บันทึกแล้ว %(when)s โดย %(who)s") % {"when": moment, "who": who}


def _typed_value(invalid: InvalidField) -> AnswerValue:
    return list(invalid.raw) if len(invalid.raw) != 1 else invalid.raw[0]


def _be_year(value: AnswerValue) -> str:
    """The Buddhist-era year of "YYYY-MM"; whatever else was typed comes back as it is."""
    if isinstance(value, list):
        return value[1] if len(value) > 1 else ""
    return str(int(value[:4]) + BE_OFFSET) if value[:4].isdigit() and len(value) == 7 else ""


def _row_lister(
    values: Mapping[str, AnswerValue], sheet: CardContext, locked: bool
) -> Callable[[str, str, int], list[str]]:
    def rows(address: str, blank: str, least: int) -> list[str]:
        given = values.get(address)
        stored = [r for r in given if addresses.ROW_ID_PATTERN.match(r)] if isinstance(given, list) else []
        if locked:
            return stored
        # A first row stands ready where one is asked for, so that the form can be filled without JavaScript.
        wanted = address == sheet.extra_row or (least and not stored and "__" not in address)
        return [*stored, *([addresses.new_row_id(stored)] if wanted else []), blank]

    return rows


def display_value(sheet: CardContext, address: str, value: AnswerValue | None) -> str:
    """A value as a person reads it."""
    owner = item_or_column_at(sheet.instrument, address)
    return format_value(owner, value, sheet.language) if owner else ""
