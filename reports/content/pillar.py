"""A paper of one pillar: the pillar as it is named, and what of a paper belongs to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from reports.errors import ReportError
from survey.instrument.progress import Progress
from survey.instrument.schema import CompiledInstrument


def pillar_title(instrument: CompiledInstrument, number: str, language: str) -> str:
    """The pillar as papers name it, "" for the whole form. Raises ReportError for one that the form has not."""
    if not number:
        return ""
    pillar = next((each for each in instrument.pillars if each.number == number), None)
    if pillar is None:
        raise ReportError("scope", part=number)
    return f"{_('ตัวชี้วัดที่')} {pillar.number} {pillar.name.to(language)}"


def pillar_items(instrument: CompiledInstrument, number: str) -> frozenset[str]:
    """The ids of the items of a pillar."""
    return frozenset(item.id for item in instrument.items.values() if item.pillar == number)


def sections_of_pillar(instrument: CompiledInstrument, number: str) -> Collection[str]:
    """The ids of the sections of a pillar; of all without a number."""
    return {section.id for section in instrument.sections if number in ("", section.pillar or "")}


def only_sections(progress: dict[str, Progress], sections: Collection[str]) -> dict[str, Any]:
    """The progress of some sections."""
    return {section: one for section, one in progress.items() if section in sections}
