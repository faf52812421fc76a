"""Reads of reasons and examples: the list of a year, what is in it, what provinces wrote, what is published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count

from accounts.respondents import RespondentKind
from dgready.localized_text import LocalizedText
from dgready.prepared_select import GREATEST_SMALL, PreparedSelect
from dgready.thai import thai_sort_key
from nation.facts.folding import fold_reason
from nation.models import CodedReason, CodingAct, PickedExample, ProvinceFigures, ReasonCode
from nation.reasons.suggesting import KnownText, Suggestion, suggest_codes
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.linking.links import YearLinks
from survey.linking.registry import links_into
from survey.models import Instrument, Response

# Answers whose texts are coded and picked from: what is still being written may change any day.
READ_STATES: Final = (Response.State.SUBMITTED, Response.State.APPROVED)
REASONS: Final = "reasons"  # of the kept facts: free texts for "none", by the item that asks


@dataclass(frozen=True, slots=True)
class WrittenText:
    """A text as provinces wrote it: its fold, its commonest spelling, and the names of the provinces."""

    folded: str
    text: str
    provinces: tuple[LocalizedText, ...]

    @property
    def count(self) -> int:
        """How many provinces wrote it."""
        return len(self.provinces)


@dataclass(frozen=True, slots=True)
class ReasonQuestion:
    """An item that asks for a reason, with its question, and how far its texts are in the list."""

    item: str
    code: str
    question: LocalizedText
    ask: LocalizedText
    provinces: int
    texts: int
    uncoded: int


def read_coded_reasons(year: int) -> Mapping[tuple[str, str], tuple[str, LocalizedText]]:
    """By item and folded text (`fold_reason`) the key and the label of its code. One query."""
    rows = _CODED.all(min(year, GREATEST_SMALL))
    return {(item, folded): (key, LocalizedText(th, en)) for item, folded, key, th, en in rows}


_CODED: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: CodedReason.objects.filter(year=year).values_list(
        "item", "folded", "code__key", "code__label_th", "code__label_en"
    )
)


def read_picked_examples(year: int) -> Mapping[str, list[LocalizedText]]:
    """By key of its block of the report the examples as they are published, in the order of picking. One query."""
    found: dict[str, list[LocalizedText]] = {}
    for block, text in _PICKED.all(min(year, GREATEST_SMALL)):
        found.setdefault(block, []).append(LocalizedText(text))
    return found


_PICKED: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: (
        PickedExample.objects.filter(year=year, active=True).order_by("block", "pk").values_list("block", "text")
    )
)


def list_codes(year: int) -> list[ReasonCode]:
    """The list of a year, in its order. One query."""
    return _CODES.all(min(year, GREATEST_SMALL))


_CODES: Final[PreparedSelect[ReasonCode]] = PreparedSelect(
    lambda year: ReasonCode.objects.filter(year=year, active=True)
)


def label_of(code: ReasonCode) -> LocalizedText:
    """The label of a code in both languages."""
    return LocalizedText(code.label_th, code.label_en)


def list_years_with_codes(before: int) -> list[int]:
    """Earlier years that have a list, newest first. One query."""
    rows = ReasonCode.objects.filter(year__lt=before, active=True).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def read_written_reasons(year: int, item: str = "") -> dict[str, list[WrittenText]]:
    """By item the distinct texts that provinces wrote there, the commonest first. Two queries.

    From the kept facts of answers that are submitted or approved now; of one item where `item` is given.
    """
    found = _FACTS.all(min(year, GREATEST_SMALL))
    # Asked by their keys: a join would read every answer of every agency and year.
    read = {response for (response,) in _READ.all([response for response, *_rest in found])}
    spellings: dict[str, dict[str, list[tuple[str, LocalizedText]]]] = {}
    for response, name_th, name_en, reasons in found:
        for key, text in (reasons or {}).items() if response in read else ():
            if (folded := fold_reason(text)) and item in ("", key):
                spellings.setdefault(key, {}).setdefault(folded, []).append((text, LocalizedText(name_th, name_en)))
    return {key: _written_texts(folds) for key, folds in spellings.items()}


_FACTS: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: ProvinceFigures.objects.filter(year=year).values_list(
        "response", "province__name_th", "province__name_en", f"facts__{REASONS}"
    )
)
_READ: Final[PreparedSelect[tuple[int]]] = PreparedSelect(
    lambda keys: Response.objects.filter(pk__in=keys, state__in=READ_STATES).order_by().values_list("pk")
)


def _written_texts(folds: Mapping[str, Sequence[tuple[str, LocalizedText]]]) -> list[WrittenText]:
    texts = []
    for folded, wrote in folds.items():
        [(commonest, _times)] = Counter(" ".join(text.split()) for text, _who in wrote).most_common(1)
        who = sorted((who for _text, who in wrote), key=lambda name: thai_sort_key(name.th))
        texts.append(WrittenText(folded, commonest, tuple(who)))
    return sorted(texts, key=lambda one: (-one.count, thai_sort_key(one.text)))


def read_form(year: int) -> CompiledInstrument | None:
    """The form that most rounds of the year have; None without rounds. One query, and one per new form."""
    form = _FORM.first(min(year, GREATEST_SMALL))
    return None if form is None else compiled_instrument(form)


_FORM: Final[PreparedSelect[Instrument]] = PreparedSelect(
    lambda year: (
        Instrument.objects.filter(rounds__year=year, respondents=RespondentKind.PROVINCE)
        .only("checksum", "links_checksum")
        .annotate(used=Count("rounds"))
        .order_by("-used", "-version")[:1]
    )
)


def list_reason_questions(year: int, form: CompiledInstrument | None) -> list[ReasonQuestion]:
    """The items at which a province wrote a reason, in the order of the form. Two queries."""
    written = read_written_reasons(year)
    coded = set(CodedReason.objects.filter(year=year).values_list("item", "folded"))
    order = {item: number for number, item in enumerate(form.items)} if form else {}
    found = []
    for item in sorted(written, key=lambda item: (order.get(item, len(order)), item)):
        texts = written[item]
        uncoded = sum((item, one.folded) not in coded for one in texts)
        about = describe_item(form, item)
        found.append(ReasonQuestion(item, *about, sum(one.count for one in texts), len(texts), uncoded))
    return found


def describe_item(form: CompiledInstrument | None, item: str) -> tuple[str, LocalizedText, LocalizedText]:
    """The id of an item's question, what it asks, and what the item asks; the bare id where no form has it.

    Not the printed code: parts of a question are printed as A, B, C, which says nothing outside the form.
    """
    if form is None or item not in form.items:
        return item, LocalizedText(item), LocalizedText("")
    asked = form.items[item]
    parent = form.items.get(asked.question or item, asked)
    return parent.id, parent.ask, asked.ask


def read_item_codes(year: int, item: str) -> dict[str, str]:
    """The keys of the codes of an item's texts, by folded text. One query."""
    return dict(CodedReason.objects.filter(year=year, item=item).values_list("folded", "code__key"))


def last_act(year: int, item: str) -> CodingAct | None:
    """The newest act of coding at an item that is not undone. One query."""
    rows = CodingAct.objects.filter(year=year, item=item, undone_at=None)
    return rows.select_related("by").order_by("-pk").first()


def read_suggestions(
    year: int, item: str, texts: Iterable[str], codes: Sequence[ReasonCode], form: CompiledInstrument | None
) -> dict[str, Suggestion]:
    """Suggestions for folded texts of an item: from this year's list and from the newest earlier one. Two queries."""
    earlier = _earlier_items(links_into(form), item) if form else {item}
    last = CodedReason.objects.filter(year__lt=year).order_by("-year").values_list("year", flat=True).first()
    rows = CodedReason.objects.filter(year__in=[year, *([] if last is None else [last])])
    known = [
        KnownText(folded, key, of_year != year, of_item == item if of_year == year else of_item in earlier)
        for of_year, of_item, folded, key in rows.values_list("year", "item", "folded", "code__key")
    ]
    return suggest_codes(texts, known, {code.key: code.label_th for code in codes})


def _earlier_items(links: YearLinks | None, item: str) -> set[str]:
    """What the item was in the earlier form: as the links say it, else an item of the same id."""
    if links is None:
        return {item}
    named = {before for link in links.links for before, after in link.items.items() if after == item}
    return named or {item}
