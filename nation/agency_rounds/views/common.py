"""What the pages of a year that each agency answers share: blocks as they are shown, files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

from dgready.language import localize_text, reader_language
from dgready.sheets.formulas import csv_text
from nation.agency_rounds.report import AgencyYear, ScoreLine
from nation.facts.types import FactBlock
from nation.national.lines import format_value
from nation.national.presentation import BlockView, block_view
from survey.instrument.schema import Pillar


def shown_blocks(blocks: Iterable[FactBlock]) -> list[BlockView]:
    """Blocks in the language of the page, each with what it is of."""
    language = reader_language()
    return [block_view(one, language, compare=False, by_agencies=True) for one in blocks]


def scored_pillars(year: AgencyYear) -> list[Pillar]:
    """The dimensions, in order."""
    return [pillar for pillar in year.form.pillars if pillar.scored]


def dimension_heads(year: AgencyYear) -> list[tuple[str, str]]:
    """Number and name of each dimension."""
    return [(pillar.number, localize_text(pillar.name)) for pillar in scored_pillars(year)]


def score_cells(year: AgencyYear, scores: ScoreLine) -> list[str]:
    """The scores of the dimensions and the total as a table shows them; a dash for none."""
    shown = [format_value(scores.dimensions.get(pillar.number)) for pillar in scored_pillars(year)]
    return [*shown, format_value(scores.total)]


def plain_scores(year: AgencyYear, scores: ScoreLine) -> list[str]:
    """Every score as a file has it: components, dimensions, total; empty for none."""
    codes = [sub.code for pillar in scored_pillars(year) for sub in pillar.sub_pillars if sub.parent is None]
    numbers = [pillar.number for pillar in scored_pillars(year)]
    found: list[Decimal | None] = [scores.components.get(code) for code in codes]
    found += [scores.dimensions.get(number) for number in numbers]
    return ["" if score is None else f"{score:f}" for score in [*found, scores.total]]


def score_names(year: AgencyYear) -> list[str]:
    """The names of the columns of `plain_scores`."""
    codes = [sub.code for pillar in scored_pillars(year) for sub in pillar.sub_pillars if sub.parent is None]
    return [*codes, *(pillar.number for pillar in scored_pillars(year)), "total"]


def csv_table(rows: Iterable[Sequence[str]]) -> bytes:
    """A table in UTF-8 with the mark that spreadsheets need; no cell is taken for a formula."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([csv_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def json_bytes(data: dict[str, Any]) -> bytes:
    """JSON as the files of the centre are written."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def file_response(content: bytes, name: str) -> HttpResponse:
    """A file to keep, CSV or JSON by its name; no cache keeps it."""
    media_type = "text/csv; charset=utf-8" if name.endswith(".csv") else "application/json"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
