"""What departments answered about the provinces, from their approved answers: one query, two where it is not kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from accounts.respondents import RespondentKind
from dgready.localized_text import LocalizedText
from dgready.lru_cache import LruCache
from dgready.prepared_select import PreparedSelect
from nation.facts.departments import DepartmentAnswer, department_blocks
from nation.facts.types import FactBlock
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Answer, Instrument, Response


class _ToldAnswer(NamedTuple):
    """An approved answer of a department: what its blocks are made of beside what it says."""

    pk: int
    version: int
    code: str
    name_th: str
    name_en: str
    instrument: int
    checksum: str
    links_checksum: str

    @property
    def form(self) -> CompiledInstrument:
        """Its form, compiled once per process."""
        return compiled_instrument(
            Instrument(pk=self.instrument, checksum=self.checksum, links_checksum=self.links_checksum)
        )


_ANSWERS: Final[PreparedSelect[Any]] = PreparedSelect(
    lambda year: (
        Response.objects.filter(
            agency=None,
            round__year=year,
            round__province__kind=RespondentKind.DEPARTMENT,
            state=Response.State.APPROVED,
        )
        .order_by("round__province__sort_key", "pk")
        .values_list(
            *("pk", "version", *(f"round__province__{name}" for name in ("code", "name_th", "name_en"))),
            *(f"round__instrument{name}" for name in ("", "__checksum", "__links_checksum")),
        )
    )
)
# By the answers with their versions, and the checksums of their forms.
_kept: Final[LruCache[tuple[FactBlock, ...]]] = LruCache(16)


def read_department_blocks(year: int) -> tuple[FactBlock, ...]:
    """The blocks of the forms that departments answered in a year, form by form; empty without approved answers.

    The very same ones while nothing changed.
    """
    answers = tuple(map(_ToldAnswer._make, _ANSWERS.all(year)))
    return _kept.get(answers, lambda: _make_blocks(answers)) if answers else ()


def _make_blocks(answers: Sequence[_ToldAnswer]) -> tuple[FactBlock, ...]:
    values: dict[int, dict[str, AnswerValue]] = {}
    stored: Any = Answer.objects.filter(response__in=[one.pk for one in answers]).values_list("response", "value")
    for response, value in stored:
        values.setdefault(response, {}).update(value)
    by_form: dict[int, list[_ToldAnswer]] = {}
    for answer in answers:
        by_form.setdefault(answer.instrument, []).append(answer)
    return tuple(block for some in by_form.values() for block in _blocks(some, values))


def _blocks(told: Sequence[_ToldAnswer], values: Mapping[int, dict[str, AnswerValue]]) -> tuple[FactBlock, ...]:
    form = told[0].form
    answers = [
        DepartmentAnswer(
            one.code, LocalizedText(one.name_th, one.name_en), resolve_path(form, values.get(one.pk, {})).values
        )
        for one in told
    ]
    return department_blocks(form, answers)
