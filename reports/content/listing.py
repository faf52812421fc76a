"""The content of reports and workbooks: every item of the form, answered or not, in the order of the form. PURE.

One pass over the whole instrument makes the lines, so that both show the same lines with the same words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.content.line_builder import LineBuilder
from reports.content.line_context import TOP_LEVEL
from reports.content.structure import (
    EvidenceByAddress,
    ReportContent,
    ReportSection,
)
from survey.instrument.definitions import first_used_definitions
from survey.instrument.path import QuestionnairePath
from survey.instrument.schema import Definition, Section


def build_content(
    path: QuestionnairePath, evidence: EvidenceByAddress, notes: Mapping[str, str] | None = None, language: str = "th"
) -> ReportContent:
    """Builds the content of a response. `evidence`: by place; `notes`: question → note, where it is marked unsure."""
    instrument = path.instrument
    builder = LineBuilder(path, evidence, notes or {}, language)
    names = {p.number: p.name.to(language) for p in instrument.pillars}
    defined = first_used_definitions(instrument)
    return ReportContent(
        title=instrument.title.to(language),
        year=instrument.year,
        sections=tuple(_section(builder, s, names, defined[s.id]) for s in instrument.sections),
        pillars=names,
    )


def _section(
    builder: LineBuilder, section: Section, names: Mapping[str, str], defined: Sequence[Definition]
) -> ReportSection:
    number = section.pillar or ""
    return ReportSection(
        id=section.id,
        code=section.sub_pillar or "",
        title=section.title.to(builder.language),
        pillar_number=number,
        pillar_name=names.get(number, ""),
        lines=tuple(builder.item_line(item, TOP_LEVEL) for item in section.items),
        definitions=tuple(definition.text.to(builder.language) for definition in defined),
    )
