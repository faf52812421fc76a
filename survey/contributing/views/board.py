"""View of the progress board: agencies by sub-pillars with status and progress, filtered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lazy_values import LazyValues
from dgready.same_objects import SameObjects
from dgready.thai import fold_text
from dgready.typed.characters import clean_line
from survey import access
from survey.assigning.part_progress import (
    URGENCY,
)
from survey.assigning.views.round_context import round_context
from survey.contributing.views.part_view import STATUS_LABELS
from survey.contributing.views.progress_board import (
    NO_SUB_PILLAR,
    STATUS_LETTERS,
    STATUS_ORDER,
    BoardRow,
    ProgressBoard,
    read_board,
)
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Round


@require_safe
@allow(Capability.RESPONSE_READ)
def board(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Agencies by sub-pillars; `?status=`, `?pillar=` (or one sub-pillar) and `?q=` of an agency's name narrow it."""
    round_ = access.get_round(request.user, code, year, Capability.RESPONSE_READ)
    progress = read_board(round_)
    query = {key: clean_line(request.GET.get(key, ""))[:80] for key in ("status", "pillar", "q")}
    wanted = query["status"] if query["status"] in STATUS_LABELS else ""
    asked = (wanted, query["pillar"], query["q"])
    board = LazyValues((SameObjects(progress), asked), lambda: _board_values(round_, progress, *asked))
    return render(request, "survey/contributing/board.html", {**round_context(request, round_), "board": board})


def _board_values(round_: Round, progress: ProgressBoard, wanted: str, pillar: str, name_text: str) -> dict[str, Any]:
    """What the page shows of the board, narrowed."""
    instrument = compiled_instrument(round_.instrument)
    columns_shown = [c for c in progress.columns if not pillar or pillar in (c, _pillar_of(instrument, c))]
    rows = [
        row
        for row in progress.rows
        if _row_matches(row, columns_shown, wanted) and _name_matches(row.agency, name_text)
    ]
    return {
        "heads": [
            {"code": c or NO_SUB_PILLAR, "name": _sub_pillar_name(instrument, c), "cell": progress.totals.get(c)}
            for c in columns_shown
        ],
        "groups": _pillar_groups(instrument, columns_shown),
        "lines": [_board_line(row, columns_shown) for row in rows],
        "legend": [
            {"key": s, "label": STATUS_LABELS[s], "letter": STATUS_LETTERS[s], "count": progress.counts.get(s, 0)}
            for s in STATUS_ORDER
        ],
        "all_parts": sum(progress.counts.values()),
        "agencies": len(progress.rows),
        "channels": progress.channels if any(each.count for each in progress.channels) else (),
        "missing": sum(row.total.progress.missing_evidence for row in progress.rows),
        "wanted": wanted,
        "pillar": pillar,
        "named": name_text,
        "kept": urlencode({k: v for k, v in (("pillar", pillar), ("q", name_text)) if v}),
        "choices": _pillar_choices(instrument, progress.columns),
    }


def _board_line(row: BoardRow, columns: Sequence[str]) -> dict[str, Any]:
    cells = [(column or NO_SUB_PILLAR, row.cells.get(column)) for column in columns]
    return {"agency": row.agency, "channel": row.channel, "total": row.total, "cells": cells}


def _pillar_of(instrument: CompiledInstrument, code: str) -> str:
    sub = instrument.sub_pillars.get(code)
    return sub.pillar if sub else ""


def _sub_pillar_name(instrument: CompiledInstrument, code: str) -> str:
    sub = instrument.sub_pillars.get(code)
    return sub.name.to(reader_language()) if sub else ""


def _pillar_choices(instrument: CompiledInstrument, used: Sequence[str]) -> list[dict[str, Any]]:
    """The pillars that are worked on, each with its sub-pillars."""
    return [
        {
            "number": p.number,
            "name": p.name.to(reader_language()),
            "subs": [(c, _sub_pillar_name(instrument, c)) for c in used if _pillar_of(instrument, c) == p.number],
        }
        for p in instrument.pillars
        if any(_pillar_of(instrument, c) == p.number for c in used)
    ]


def _name_matches(agency: Agency, text: str) -> bool:
    """Whether the agency's name (Thai or English) or code has that text in it."""
    return not text or any(
        fold_text(text) in fold_text(name) for name in (agency.name_th, agency.name_en or "", agency.code)
    )


def _pillar_groups(instrument: CompiledInstrument, shown: Iterable[str]) -> list[dict[str, Any]]:
    """The pillars above the columns, each with how many it spans."""
    names = {p.number: p.name.to(reader_language()) for p in instrument.pillars}
    groups: list[dict[str, Any]] = []
    for code in shown:
        number = _pillar_of(instrument, code)
        if not groups or groups[-1]["number"] != number:
            groups.append({"number": number, "name": names.get(number, ""), "span": 0})
        groups[-1]["span"] += 1
    return groups


def _row_matches(line: BoardRow, shown: Iterable[str], wanted: str) -> bool:
    cells = [line.cells[c] for c in shown if c in line.cells]
    return any(not wanted or wanted not in URGENCY or wanted in cell.statuses for cell in cells)
