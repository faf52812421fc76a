"""Every verb that the code writes has its replayer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models.log import VERB_LABELS
from reports.proof.verbs import JOURNAL_VERBS, LOG_VERBS, UNPROVED_LOG_VERBS
from survey.journal.event_texts import VERB_LABELS as JOURNAL_LABELS
from survey.workflow.part_transitions import PART_TRANSITIONS
from survey.workflow.response_transitions import PROVINCIAL_TRANSITIONS
from tests.trial import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WRITERS = {"log", "_log", "_log_member", "create_membership", "end_membership", "grant_temporary_role"}

VERB = re.compile(r"[a-z_]{4,}(\.[a-z_]+)?")


def _written_verbs() -> set[str]:
    """Every verb that the code writes: given to what records, or put under the name `verb`."""
    found: set[str] = set()
    for app in ("accounts", "survey", "evidence", "scoring", "nation", "reports"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "verifying", "proof"} & set(path.parts):
                found |= set(filter(VERB.fullmatch, _verbs_in(path)))
    return found | {row.verb for row in (*PART_TRANSITIONS, *PROVINCIAL_TRANSITIONS)}


def _verbs_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        given: list[ast.expr | None] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if "record" in name or name in WRITERS:
                given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "verb")]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verb":
            given = [node.value]
        elif isinstance(node, ast.arguments):
            pairs = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            given = [default for argument, default in pairs if argument.arg == "verb"]
        for value in filter(None, given):
            for part in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


def test_every_verb_of_the_code_has_its_replayer() -> None:
    """A new verb needs a replayer, or a line that says why no row is proved by it."""
    known = JOURNAL_VERBS | LOG_VERBS | UNPROVED_LOG_VERBS
    written = _written_verbs()
    assert {"evidence.attach", "meeting.table", "external.save", "delegate", "import_results"} <= written
    assert {"answer.save", "round.extend", "part.accept", "committee_member_change", "stand_in"} <= written
    assert sorted(written - known) == []
    assert sorted(set(JOURNAL_LABELS) - JOURNAL_VERBS) == []
    assert sorted(LOG_VERBS - set(VERB_LABELS)) == []
