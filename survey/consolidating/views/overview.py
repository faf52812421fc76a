"""View of the consolidation overview: every question with its agreement, decision and changes since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import SignedInRequest
from accounts.roles import Capability
from dgready.language import reader_language
from survey.access import get_provincial_response
from survey.consolidating.overview import OverviewEntry, consolidation_overview
from survey.consolidating.queries import read_consolidation
from survey.consolidating.round_consolidation import RoundConsolidation
from survey.consolidating.views.agreed import allow_answer_edit
from survey.consolidating.views.evidence_changes import changes_of_round
from survey.consolidating.views.labels import (
    AGREEMENT_LABELS,
    FILTER_LABELS,
    REASON_LABELS,
    is_editable,
)
from survey.contributing.views.averages import averages_instead
from survey.journal.event_texts import item_title

FEW_QUESTIONS = 12  # so many are read at a glance and need no folding


def _matches_filter(entry: OverviewEntry, show: str, evidence_changed: Collection[str]) -> bool:
    """Whether a question belongs to a filter of the overview; `evidence_changed`: questions with other evidence now."""
    changed = entry.changes > 0 or entry.question.id in evidence_changed
    return {
        "open": entry.is_open,
        "agree": entry.is_agreed,
        "differ": entry.agreement in ("differ", "partly"),
        "news": changed,
        "done": entry.decision is not None and not changed,
        "nobody": entry.agreement == "nobody",
    }[show]


@require_safe
@allow_answer_edit
def overview(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every question: who answered, whether they agree, what was decided, what changed since (`?show=`)."""
    response = get_provincial_response(request.user, pk, Capability.ANSWER_EDIT)
    if instead := averages_instead(response):
        return instead
    consolidation = read_consolidation(response)
    entries = consolidation_overview(consolidation)
    show = request.GET.get("show", "")
    show = show if show in FILTER_LABELS else ""
    changed = changes_of_round(consolidation)
    chosen = [e for e in entries if not show or _matches_filter(e, show, changed)]
    context = {
        "response": response,
        "show": show,
        "few": len(chosen) <= FEW_QUESTIONS,
        "filters": [
            (key, label, sum(_matches_filter(e, key, changed) for e in entries)) for key, label in FILTER_LABELS.items()
        ],
        "total": len(entries),
        "sections": _entries_by_section(consolidation, chosen, changed),
        "takes": sum(e.is_agreed for e in entries),
        "done": sum(e.decision is not None for e in entries),
        "answered": sum(bool(e.answers) for e in entries),
        "editable": is_editable(response),
    }
    return render(request, "survey/consolidating/overview.html", context)


def _entries_by_section(
    consolidation: RoundConsolidation, entries: Iterable[OverviewEntry], evidence_changed: Collection[str]
) -> list[dict[str, Any]]:
    language = reader_language()
    groups: dict[str, dict[str, Any]] = {}
    for entry in entries:
        section = consolidation.instrument.by_section[entry.question.section]
        new = {"code": section.sub_pillar or "", "title": section.title.to(language), "entries": [], "takes": 0}
        group = groups.setdefault(section.id, new)
        group["takes"] += entry.is_agreed
        group["entries"].append(
            {
                "item": entry.question.id,
                "title": item_title(entry.question, language),
                "agreement": entry.agreement,
                "whole": AGREEMENT_LABELS[entry.agreement],
                "answers": len(entry.answers),
                "waiting": entry.waiting_agencies,
                "changes": entry.changes,
                "decision": entry.decision.label if entry.decision else "",
                "edited_since": entry.edited_since,
                "is_empty": entry.province_status == "empty",
                "is_agreed": entry.is_agreed,
                "evidence_changed": entry.question.id in evidence_changed,
                "why": REASON_LABELS.get(entry.manual_reason, ""),
            }
        )
    return list(groups.values())
