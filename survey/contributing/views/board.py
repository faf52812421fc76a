"""The progress board: agencies by sub-pillars at a glance, and one agency's parts to accept or send back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.models import Agency
from accounts.roles import Capability
from dgready.language import reader_language
from dgready.lru_cache import LruCache
from dgready.thai import fold_text
from evidence.attaching.queries import marked_addresses_by_response
from survey import access
from survey.answering.queries import response_state_key
from survey.assigning import queries as parts
from survey.assigning.part_progress import (
    HANDED_IN,
    URGENCY,
    ContributionCounts,
    PartProgress,
    PartStatus,
    most_urgent,
    part_status,
)
from survey.assigning.targets import assignable_sub_pillars, target_sub_pillar
from survey.assigning.views.round_context import round_context
from survey.contributing.views import part_list as partlist
from survey.contributing.views.part_list import STATUS_LABELS
from survey.instrument.path import resolve_path
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Answer, Assignment, Response, Round

NO_SUB_PILLAR: Final = "-"  # stands in addresses for questions under no sub-pillar

STATUS_LETTERS: Final[dict[PartStatus, str | Promise]] = {
    "overdue": pgettext_lazy("board letter", "ล"),
    "returned": pgettext_lazy("board letter", "ก"),
    "declined": pgettext_lazy("board letter", "ม"),
    "none": pgettext_lazy("board letter", "ย"),
    "started": pgettext_lazy("board letter", "ท"),
    "submitted": pgettext_lazy("board letter", "ส"),
    "accepted": pgettext_lazy("board letter", "ร"),
}
STATUS_ORDER: Final[tuple[PartStatus, ...]] = (
    "overdue",
    "returned",
    "declined",
    "none",
    "started",
    "submitted",
    "accepted",
)


@dataclass(slots=True)
class BoardCell:
    """What an agency does under one sub-pillar."""

    states: list[PartStatus] = field(default_factory=list)
    tally: PartProgress = field(default_factory=PartProgress)

    def add(self, state: PartStatus, tally: PartProgress) -> None:
        """Counts a part in; one that is declined asks for nothing more."""
        self.states.append(state)
        if state != "declined":
            self.tally.add(tally)

    @property
    def status(self) -> PartStatus:
        """The part that needs somebody first."""
        return most_urgent(self.states)

    @property
    def letter(self) -> str:
        """Its letter."""
        return str(STATUS_LETTERS[self.status])

    @property
    def label(self) -> str:
        """Its name."""
        return str(STATUS_LABELS[self.status])

    @property
    def settled(self) -> int:
        """How many parts are handed in."""
        return sum(s in HANDED_IN for s in self.states)

    @property
    def parts(self) -> int:
        """How many parts are to be handed in."""
        return sum(s != "declined" for s in self.states)


@dataclass(slots=True)
class BoardRow:
    """An agency's row."""

    agency: Agency
    cells: dict[str, BoardCell] = field(default_factory=dict)
    total: BoardCell = field(default_factory=BoardCell)


@dataclass(slots=True)
class ProgressBoard:
    """The whole board."""

    columns: Sequence[str]
    lines: list[BoardRow]
    feet: dict[str, BoardCell]
    counts: dict[PartStatus, int]


@require_safe
@allow(Capability.RESPONSE_READ)
def board(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """Agencies by sub-pillars; `?status=`, `?pillar=` (or one sub-pillar) and `?q=` of an agency's name narrow it."""
    round_ = access.get_round(request.user, code, year, Capability.RESPONSE_READ)
    instrument = compiled_instrument(round_.instrument)
    whole = read_board(round_)
    asked = {key: request.GET.get(key, "")[:80].replace("\x00", "") for key in ("status", "pillar", "q")}
    wanted, pillar, named = (
        asked["status"] if asked["status"] in STATUS_LABELS else "",
        asked["pillar"],
        asked["q"].strip(),
    )
    shown = [c for c in whole.columns if not pillar or pillar in (c, _pillar_of(instrument, c))]
    lines = [line for line in whole.lines if _row_matches(line, shown, wanted) and _name_matches(line.agency, named)]
    context = {
        **round_context(request, round_),
        "heads": [
            {"code": c or NO_SUB_PILLAR, "name": _sub_pillar_name(instrument, c), "cell": whole.feet.get(c)}
            for c in shown
        ],
        "groups": _pillar_groups(instrument, shown),
        "lines": [
            {"agency": n.agency, "total": n.total, "cells": [(c or NO_SUB_PILLAR, n.cells.get(c)) for c in shown]}
            for n in lines
        ],
        "legend": [
            {"key": s, "label": STATUS_LABELS[s], "letter": STATUS_LETTERS[s], "count": whole.counts.get(s, 0)}
            for s in STATUS_ORDER
        ],
        "all_parts": sum(whole.counts.values()),
        "agencies": len(whole.lines),
        "missing": sum(line.total.tally.missing_evidence for line in whole.lines),
        "wanted": wanted,
        "pillar": pillar,
        "named": named,
        "kept": urlencode({k: v for k, v in (("pillar", pillar), ("q", named)) if v}),
        "choices": _pillar_choices(instrument, whole.columns),
    }
    return render(request, "survey/contributing/board.html", context)


def read_board(round_: Round) -> ProgressBoard:
    """Everything assigned in a round and how it stands. Four queries, whatever its size."""
    instrument = compiled_instrument(round_.instrument)
    rows = Assignment.objects.filter(round=round_, role__in=parts.ANSWERING_ROLES).select_related("agency")
    counts = _counts_by_agency(round_, instrument)
    empty = ContributionCounts(resolve_path(instrument, {}), ())
    lines: dict[int, BoardRow] = {}
    feet: dict[str, BoardCell] = {}
    tallied: dict[PartStatus, int] = {}
    today = timezone.localdate()
    for row in sorted(rows, key=lambda a: (a.agency.sort_key, a.agency_id)):
        target = parts.assignment_target(round_.instrument, row)
        tally = counts.get(row.agency_id, empty).of(target)
        due = parts.assignment_due(round_, row)
        state = part_status(state=row.state, given=tally.given, due=due, if_any=row.if_any, today=today)
        line = lines.setdefault(row.agency_id, BoardRow(row.agency))
        place = target_sub_pillar(instrument, target)
        for cell in (line.cells.setdefault(place, BoardCell()), line.total, feet.setdefault(place, BoardCell())):
            cell.add(state, tally)
        tallied[state] = tallied.get(state, 0) + 1
    used = [c for c in assignable_sub_pillars(instrument) if c in feet]
    return ProgressBoard(used, list(lines.values()), feet, tallied)


_counts_cache: LruCache[ContributionCounts] = LruCache(512)


def _counts_by_agency(round_: Round, instrument: CompiledInstrument) -> dict[int, ContributionCounts]:
    """The counts of every contribution by agency. Three queries, one when nothing changed since the last time."""
    found = list(Response.objects.filter(round=round_, agency__isnull=False))

    @cache
    def read() -> tuple[dict[int, dict[str, AnswerValue]], dict[int, set[str]]]:
        values: dict[int, dict[str, AnswerValue]] = {r.pk: {} for r in found}
        for pk, value in Answer.objects.filter(response__in=values).values_list("response_id", "value"):
            values[pk].update(value)
        return values, marked_addresses_by_response(values)

    def count(response: Response) -> ContributionCounts:
        values, marked = read()
        return ContributionCounts(resolve_path(instrument, values[response.pk]), marked.get(response.pk, ()))

    return {
        r.agency_id: _counts_cache.get(response_state_key(r), lambda r=r: count(r))  # type: ignore[misc]
        for r in found
        if r.agency_id is not None
    }


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
    out: list[dict[str, Any]] = []
    for code in shown:
        number = _pillar_of(instrument, code)
        if not out or out[-1]["number"] != number:
            out.append({"number": number, "name": names.get(number, ""), "span": 0})
        out[-1]["span"] += 1
    return out


def _row_matches(line: BoardRow, shown: Iterable[str], wanted: str) -> bool:
    cells = [line.cells[c] for c in shown if c in line.cells]
    return any(not wanted or wanted not in URGENCY or wanted in cell.states for cell in cells)


# -- one agency -------------------------------------------------------------------------------------


@require_safe
@allow(Capability.RESPONSE_READ)
def agency(request: SignedInRequest, code: str, year: int, agency: str) -> HttpResponse:
    """One agency's parts, with what the secretariat may do with each."""
    round_, found = access.get_round_agency(request.user, code, year, agency, Capability.RESPONSE_READ)
    return render_agency(request, round_, found)


def render_agency(
    request: SignedInRequest, round_: Round, found: Agency, *, pk: int = 0, fault: str = "", status: int = 200
) -> HttpResponse:
    """The page; with `fault` beside the part that a refused step was about."""
    listing = partlist.read_part_list(request.user, round_, found)
    partlist.mark_refusal(listing.shown, pk, fault, request.POST)
    context = {
        **round_context(request, round_),
        "agency": found,
        "listing": listing,
        "submitted": [s for s in listing.shown if "accept" in s.steps],
        "may_read": request.user.has(Capability.CONTRIBUTION_READ, province_id=round_.province_id, agency_id=found.pk),
        "max_reason": 1000,
    }
    return render(request, "survey/contributing/board_agency.html", context, status=status)
