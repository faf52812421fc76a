"""Reads of instruments: compiled instrument, question rows, dependent questions, official wording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import cast

from django.db.models import QuerySet

from survey.instrument.addresses import item_id_of
from survey.instrument.answering_mode import AnsweredBy
from survey.instrument.builder import build_instrument
from survey.instrument.official.places import OfficialPlace, PlaceKind
from survey.instrument.official.shown import OfficialTexts, OfficialTextShown
from survey.instrument.schema import CompiledInstrument
from survey.models import Instrument, OfficialText, Question


def newest_instrument(key: str, year: int) -> Instrument | None:
    """The newest published version of a form, else its newest draft."""
    rows = Instrument.objects.filter(key=key, year=year).order_by("-version")
    return rows.filter(published_at__isnull=False).first() or rows.first()


def compiled_instrument(row: Instrument) -> CompiledInstrument:
    """The compiled instrument of a row, built once per process and checksum."""
    if row.links_checksum:
        return _compile_with_links(row.pk, row.checksum, row.links_checksum)
    return _compile_instrument(row.pk, row.checksum)


def forms_of_each_agency() -> QuerySet[Instrument]:
    """The forms, of any year and version, that every agency answers for itself."""
    return Instrument.objects.filter(source__answered_by=AnsweredBy.EACH_AGENCY.value).order_by()


def is_answered_by_each_agency(row: Instrument) -> bool:
    """Whether every agency answers the whole form for itself, so that there is no provincial answer."""
    return compiled_instrument(row).answering.is_each_agency


@lru_cache(maxsize=16)
def _compile_instrument(pk: int, checksum: str) -> CompiledInstrument:
    return build_instrument(Instrument.objects.only("source").get(pk=pk, checksum=checksum).source)


@lru_cache(maxsize=16)
def _compile_with_links(pk: int, checksum: str, links_checksum: str) -> CompiledInstrument:
    return replace(_compile_instrument(pk, checksum), links_checksum=links_checksum)


@lru_cache(maxsize=16)
def _read_questions(pk: int, checksum: str) -> Mapping[str, Question]:
    return {question.item_id: question for question in Question.objects.filter(instrument_id=pk)}


def questions_by_item_id(row: Instrument) -> Mapping[str, Question]:
    """The question rows by item id, read once per process and checksum."""
    return _read_questions(row.pk, row.checksum)


@lru_cache(maxsize=16)
def _dependents_by_question(pk: int, checksum: str) -> Mapping[str, frozenset[str]]:
    instrument = _compile_instrument(pk, checksum)
    dependents: dict[str, set[str]] = {}
    for item in instrument.items.values():
        sources = [skip.source for skip in instrument.skips.get(item.id, ())]
        sources += [item_id_of(address) for address in (item.when.addresses() if item.when else ())]
        questions = [i.question for i in (item, *item.descendants()) if i.question == i.id]
        for source in sources:
            owner = instrument.items[source].question
            dependents.setdefault(owner or source, set()).update(q for q in questions if q and q != owner)
    return {question: frozenset(others) for question, others in dependents.items()}


def dependent_questions(row: Instrument, question: str) -> frozenset[str]:
    """Ids of the questions that an answer to this one may open or skip."""
    return _dependents_by_question(row.pk, row.checksum).get(question, frozenset())


@lru_cache(maxsize=16)
def _questions_by_checked(pk: int, checksum: str) -> Mapping[str, frozenset[str]]:
    instrument = _compile_instrument(pk, checksum)
    together: dict[str, set[str]] = {}
    for check in instrument.checks:
        items = (instrument.items[item_id_of(address)] for address in check.condition.addresses())
        questions = {item.question or item.id for item in items}
        for question in questions:
            together.setdefault(question, set()).update(questions - {question})
    return {question: frozenset(others) for question, others in together.items()}


def questions_checked_with(row: Instrument, question: str) -> frozenset[str]:
    """Ids of the other questions that the checks read which read this one."""
    return _questions_by_checked(row.pk, row.checksum).get(question, frozenset())


def official_texts(row: Instrument) -> OfficialTexts:
    """The official wording of an instrument's places, where the installation has attached it.

    Read once per process and checksum. A row without a checksum has none, or texts of an earlier release.
    """
    return _read_official_texts(row.pk, row.checksum, row.official_checksum)


@lru_cache(maxsize=16)
def _read_official_texts(pk: int, checksum: str, official_checksum: str) -> OfficialTexts:
    rows = OfficialText.objects.filter(instrument_id=pk).values_list("kind", "item_id", "part", "text", "doubts")
    return OfficialTexts(
        {
            OfficialPlace(cast(PlaceKind, kind), item_id, part): OfficialTextShown(
                text, tuple((start, end) for start, end in doubts)
            )
            for kind, item_id, part, text, doubts in rows
        }
    )
