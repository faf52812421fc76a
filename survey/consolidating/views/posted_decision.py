"""The posted form of one question: choices, seen revisions, evidence, reason and the button pressed."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.access import SignedInRequest
from survey.consolidating.comparison import QuestionComparison
from survey.consolidating.merge_choices import MergeChoices
from survey.consolidating.views.evidence_selection import PostedTicks


@dataclass(slots=True)
class PostedDecision:
    """The posted form of one question. `action`: the button pressed (save, next, preview)."""

    choices: MergeChoices
    seen: dict[int, int]
    revision: int
    evidence: PostedTicks
    note: str
    unsure: str | None
    action: str


def read_posted_decision(request: SignedInRequest, comparison: QuestionComparison) -> PostedDecision:
    """Reads the posted form of one question."""
    post = request.POST
    picks = {k[2:]: v for k, v in post.items() if k.startswith("p:") and isinstance(v, str)}
    typed = {k[2:]: tuple(str(s) for s in post.getlist(k)) for k in post if k.startswith("t:")}
    rows = {r.address: tuple(post.getlist(f"r:{r.address}")) for r in comparison.repeats}
    seen = {_number(k[5:]): _number(v) for k, v in post.items() if k.startswith("seen:") and isinstance(v, str)}
    return PostedDecision(
        choices=MergeChoices(picks, {a: t for a, t in typed.items() if picks.get(a) == "edit"}, rows),
        seen=seen,
        revision=_number(post.get("_revision", "")),
        evidence=PostedTicks(
            frozenset(post.getlist("ev")),
            frozenset(post.get("ev_proposed", "").split()) if "ev_proposed" in post else None,
        ),
        note=post.get("_why", ""),
        unsure=post.get("_unsure_note", "") if post.get("_unsure") == "1" else None,
        action=post.get("_do", ""),
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
