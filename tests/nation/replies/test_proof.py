"""The log proves windows, objections and decisions: an honest story has no fault, each change past it is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from nation.models import Objection, ObjectionDecision, ObjectionEvidence, ReplyWindow
from nation.replies import actions
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from survey.verifying.fault_texts import fault_title
from tests.nation.replies.world import CODE, ReplyWorld, make_reply_world

pytestmark = pytest.mark.django_db
CHOSEN = "แผน.pdf"


def faults() -> set[tuple[str, str]]:
    """Code and field of each fault of this room's rows."""
    found = verify_all(files=FileCheck.NONE).faults
    kinds = ("objection", "objection_decision", "reply_window")
    return {(fault.code, fault.field) for fault in found if fault.code.rpartition(".")[0] in kinds}


@pytest.fixture
def world() -> ReplyWorld:
    """Written with a file, saved again as it is by another, withdrawn, filed anew, decided twice."""
    world = make_reply_world()
    by, where = world.trial.secretariat, {"province": world.trial.province, "year": world.year, "code": CODE}
    world.open_window((-1, 3))
    world.open_window()
    world.attach(CHOSEN, world.cut_off - timedelta(days=9))
    chosen = {"evidence": [world.choices()[CHOSEN]]}
    asked = {"ground": "มีแผน", "wanted": Decimal(70), **chosen}
    row = actions.save_objection(by=by, **where, **asked)
    actions.save_objection(by=world.centre, **where, **asked)
    row = actions.file_objection(by=by, objection=row)
    actions.withdraw_objection(by=by, objection=row)
    row = world.file_one("80", **chosen)
    assert Objection.objects.get().written_by == by
    decided = {"by": world.centre, "objection": row, "reason": "x"}
    actions.decide_objection(**decided, outcome="partly", score=Decimal(60), seen=0)
    actions.decide_objection(**decided, outcome="refused", score=None, seen=1)
    return world


def _copy_decision() -> None:
    row = ObjectionDecision.objects.get(number=2)
    row.pk, row.number = None, 3
    row.save()


EDITS: tuple[tuple[str, str, Callable[[], object]], ...] = (
    ("objection.changed", "wanted", lambda: Objection.objects.update(wanted=81)),
    ("objection.changed", "ground", lambda: Objection.objects.update(ground="อื่น")),
    ("objection.changed", "state", lambda: Objection.objects.update(state="withdrawn")),
    ("objection.changed", "filed_at", lambda: Objection.objects.update(filed_at="2020-01-01T00:00Z")),
    ("objection.changed", "evidence", lambda: ObjectionEvidence.objects.update(dated="2020-01-01")),
    ("objection.changed", "evidence", lambda: ObjectionEvidence.objects.all().delete()),
    ("objection_decision.changed", "score", lambda: ObjectionDecision.objects.filter(number=1).update(score=61)),
    ("objection_decision.changed", "reason", lambda: ObjectionDecision.objects.filter(number=2).update(reason="y")),
    ("objection_decision.missing", "", lambda: ObjectionDecision.objects.filter(number=2).delete()),
    ("objection_decision.unknown", "", _copy_decision),
    ("reply_window.changed", "closes_on", lambda: ReplyWindow.objects.update(closes_on="2099-01-01")),
    ("reply_window.missing", "", lambda: ReplyWindow.objects.all().delete()),
)


def test_an_honest_story_has_no_fault_and_each_edit_past_it_is_found(world: ReplyWorld) -> None:
    assert faults() == set()
    for code, field, edit in EDITS:
        with transaction.atomic():
            edit()
            assert faults() == {(code, field)}
            assert fault_title(code) != code
            transaction.set_rollback(True)
