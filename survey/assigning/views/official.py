"""The official list of assignments on paper: each sub-pillar, question and part with its agencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest, allow
from accounts.roles import Capability
from dgready.language import reader_language
from scoring.scheme.level_five import LevelFiveAsk
from survey import access
from survey.assigning.list_texts import ROLES
from survey.assigning.queries import (
    PROVINCE_AGENCY_KINDS,
    active_agencies,
)
from survey.assigning.targets import AssignmentTarget, covered_items, covered_questions, target_sub_pillar
from survey.assigning.views.matrix import _assignments_with_targets
from survey.assigning.views.round_context import round_context
from survey.contributing.views.level_five import level_five_asks
from survey.contributing.views.part_names import target_name
from survey.instrument.place_windows import printed_windows
from survey.instrument.proof.documents import documents_of
from survey.instrument.queries import compiled_instrument
from survey.instrument.schema import CompiledInstrument
from survey.models import Assignment, Rasci, Round

MAX_DOCUMENTS: Final = 6  # of a line on paper; the pages of the form tell all


@require_safe
@allow(Capability.RESPONSE_READ)
def printed(request: SignedInRequest, code: str, year: int) -> HttpResponse:
    """The whole list on paper: each sub-pillar, question and part with its agencies."""
    round_ = access.get_round(request.user, code, year, Capability.RESPONSE_READ)
    context = {
        **round_context(request, round_),
        "pillars": list(official_list(round_)),
        "definitions": [d.text.to(reader_language()) for d in compiled_instrument(round_.instrument).definitions],
        "windows": printed_windows(compiled_instrument(round_.instrument), (round_.period_from, round_.period_to)),
        "letters": [(letter, Rasci(letter).label) for letter in ROLES],
    }
    return render(request, "survey/assigning/print.html", context)


def official_list(round_: Round) -> Iterable[dict[str, Any]]:
    """The official list by pillar: each target with its agencies by role, those "if any" apart."""
    instrument = compiled_instrument(round_.instrument)
    asks = level_five_asks(round_)
    rows = _assignments_with_targets(round_)
    everyone = {a.pk for a in active_agencies(round_) if a.kind in PROVINCE_AGENCY_KINDS}
    rows_by_target: dict[AssignmentTarget, list[Assignment]] = {}
    for row in rows:
        rows_by_target.setdefault(row.what, []).append(row)  # type: ignore[attr-defined]
    pillar_names = {p.number: p.name.to(reader_language()) for p in instrument.pillars}
    for number in ["", *pillar_names]:
        lines_of_pillar = [
            {
                "name": target_name(instrument, target),
                "groups": list(_agency_groups(target_rows, everyone)),
                "notes": _distinct_notes(target_rows),
                **_what_is_asked(instrument, target, asks),
            }
            for target, target_rows in rows_by_target.items()
            if _pillar_of(instrument, target) == number
        ]
        if lines_of_pillar:
            yield {"number": number, "name": pillar_names.get(number, ""), "lines": lines_of_pillar}


def _what_is_asked(
    instrument: CompiledInstrument, target: AssignmentTarget, asks: Mapping[str, Sequence[LevelFiveAsk]]
) -> dict[str, Any]:
    """What level 5 asks of the target's questions, and the documents its agencies prepare."""
    questions = covered_questions(instrument, target)
    items = {item for q in questions for item in covered_items(instrument, target, q)}
    documents = [text.text.to(reader_language()) for text in documents_of(instrument, items)]
    return {
        "asks": list(dict.fromkeys(ask for q in questions for ask in asks.get(q, ()))),
        "documents": documents[:MAX_DOCUMENTS],
        "more_documents": len(documents[MAX_DOCUMENTS:]),
    }


def _pillar_of(instrument: CompiledInstrument, target: AssignmentTarget) -> str:
    sub = instrument.sub_pillars.get(target_sub_pillar(instrument, target))
    return sub.pillar if sub else ""


def _agency_groups(rows: Sequence[Assignment], everyone: set[int]) -> Iterable[dict[str, Any]]:
    """Agencies grouped by role and due date; “every other agency” where all others have the same terms."""
    assigned = {r.agency_id for r in rows}
    by_terms: dict[tuple[Any, ...], list[Assignment]] = {}
    for row in rows:
        by_terms.setdefault((row.role, row.if_any, row.due), []).append(row)
    for (role, if_any, due), alike in sorted(by_terms.items(), key=lambda pair: (ROLES.index(pair[0][0]), pair[0][1])):
        is_all_others = everyone <= assigned and len(alike) > max(3, len(everyone) // 2)
        agencies = [] if is_all_others else [r.agency.name for r in sorted(alike, key=lambda r: r.agency.sort_key)]
        yield {
            "role": role,
            "label": Rasci(role).label,
            "if_any": if_any,
            "due": due,
            "rest": len(alike) if is_all_others else 0,
            "agencies": agencies,
        }


def _distinct_notes(rows: Iterable[Assignment]) -> list[str]:
    return list(dict.fromkeys(r.note for r in rows if r.note))
