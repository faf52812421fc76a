"""The right of reply: a province contests within the window, the centre decides, 1.1 stands beside 1.0."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.actions.log import RefusedError
from accounts.models import AccountEvent
from nation.models import Objection, ObjectionDecision
from nation.replies import actions
from nation.replies.queries import list_contested_years, read_contested_result
from nation.replies.rules import EvidenceFault, FileDates, check_evidence_dates, decided_score
from scoring.models import OfficialResult
from scoring.results.actions import official as results
from scoring.results.queries import read_results
from survey.models import Notice
from tests.nation.replies.world import CODE, ReplyWorld, make_reply_world
from tests.scoring.published import published

DAY = date(2026, 5, 30)


@pytest.mark.parametrize(
    ("dates", "fault"),
    [
        (FileDates(attached=DAY), None),
        (FileDates(attached=DAY, written=DAY + timedelta(days=9)), None),
        (FileDates(attached=DAY + timedelta(days=1)), EvidenceFault.NEWER),
        (FileDates(typed=DAY), None),
        (FileDates(written=DAY), None),
        (FileDates(typed=DAY, written=DAY + timedelta(days=1)), EvidenceFault.NEWER),
        (FileDates(), EvidenceFault.UNDATED),
    ],
)
def test_only_what_existed_by_the_cut_off_is_evidence(dates: FileDates, fault: EvidenceFault | None) -> None:
    assert check_evidence_dates(dates, DAY) is fault


def test_the_score_that_holds_after_a_decision() -> None:
    def decide(outcome: str, given: str | None, current: str, last: str | None) -> Decimal | None:
        numbers = [Decimal(one) if one else None for one in (given, current, last)]
        return decided_score(outcome, Decimal(40), Decimal(80), *numbers)  # type: ignore[arg-type]

    assert decide("upheld", None, "40", None) == 80
    assert decide("partly", "60", "40", None) == 60
    assert [decide("partly", given, "40", None) for given in ("40", "80", "90", None)] == [None] * 4
    assert decide("refused", None, "40", None) == 40
    assert decide("refused", None, "60", "60") == 40, "what the decision before gave is taken back"
    assert decide("refused", None, "55", "60") == 55, "what an import corrected since is not"


@pytest.fixture
def world(db: None) -> ReplyWorld:
    return make_reply_world()


def score(world: ReplyWorld, kind: str = "sub_pillar", code: str = CODE) -> Decimal:
    own = read_results(world.trial.province, world.year)[0]
    assert own is not None
    return own.score("province", kind, code)


@pytest.mark.parametrize("days", [None, (1, 5), (-5, -1)], ids=["none", "not yet", "over"])
def test_nothing_is_taken_outside_the_window(world: ReplyWorld, days: tuple[int, int] | None) -> None:
    if days:
        world.open_window(days)
    with pytest.raises(RefusedError):
        world.file_one()
    assert not Objection.objects.exists()


def test_a_draft_waits_until_it_is_filed_and_the_window_closes_over_it(world: ReplyWorld) -> None:
    world.open_window()
    where = {"province": world.trial.province, "year": world.year, "code": CODE}
    given = {"ground": "x", "wanted": Decimal(80), "evidence": []}
    row = actions.save_objection(by=world.trial.secretariat, **where, **given)
    world.open_window((-5, -1))
    for act in (actions.file_objection, actions.withdraw_objection):
        with pytest.raises(RefusedError):
            act(by=world.trial.secretariat, objection=row)
    assert Objection.objects.get().state == "draft"


@pytest.mark.parametrize("wanted", ["40", "39.99"])
def test_less_than_what_is_published_is_not_wanted(world: ReplyWorld, wanted: str) -> None:
    world.open_window()
    with pytest.raises(RefusedError):
        world.file_one(wanted)


def test_a_file_newer_than_the_cut_off_is_refused_by_name(world: ReplyWorld) -> None:
    world.open_window()
    world.attach("ก่อน.pdf", world.cut_off)
    world.attach("หลัง.pdf", world.cut_off + timedelta(days=1))
    world.keep("คลังเก่า.pdf", world.cut_off - timedelta(days=30))
    world.keep("คลังใหม่.pdf", world.cut_off + timedelta(days=1))
    world.keep("ไม่มีวัน.pdf", None)
    choices = world.choices()
    for name in ("หลัง.pdf", "คลังใหม่.pdf", "ไม่มีวัน.pdf"):
        with pytest.raises(RefusedError, match=name):
            world.file_one(evidence=[choices[name]])
    row = world.file_one(evidence=[choices["ก่อน.pdf"], choices["คลังเก่า.pdf"]])
    assert [(one.name, one.source) for one in row.evidence.all()] == [
        ("ก่อน.pdf", "attachment"),
        ("คลังเก่า.pdf", "library"),
    ]


def test_the_whole_story_1_0_to_1_2(world: ReplyWorld) -> None:
    world.open_window()
    assert list_contested_years() == {world.year}
    row = world.file_one()
    assert Notice.objects.filter(user=world.centre, kind="objection.filed").exists()
    decide = {"by": world.centre, "objection": row, "reason": "แผนมีผลก่อนวันปิดรอบ"}
    decision = actions.decide_objection(**decide, outcome="upheld", score=None, seen=0)
    assert (decision.edition, score(world)) == (1, 80)
    assert score(world, "total", "total") > Decimal("44.44")
    told = Notice.objects.filter(user=world.trial.secretariat, kind="objection.decided.upheld").get()
    assert told.data["score"] == "80.00"
    with pytest.raises(RefusedError):
        actions.decide_objection(**decide, outcome="refused", score=None, seen=0)
    again = actions.decide_objection(**{**decide, "reason": "ตรวจใหม่"}, outcome="refused", score=None, seen=1)
    assert (again.edition, score(world)) == (2, 40)
    assert score(world, "total", "total") == Decimal("44.44")
    rows = OfficialResult.objects.filter(code=CODE, province=world.trial.province).order_by("edition")
    assert [(one.edition, one.score) for one in rows] == [(0, 40), (1, 80), (2, 40)], "nothing is overwritten"
    assert ObjectionDecision.objects.filter(objection=row).count() == 2
    shown = read_contested_result(world.trial.response).sub_pillar(CODE)
    assert shown is not None
    assert shown.earlier == (("1.1", 80), ("1.0", 40))
    verbs = set(AccountEvent.objects.values_list("verb", flat=True))
    assert {"reply_window", "objection_write", "objection_file", "objection_decide", "correct_results"} <= verbs


def test_refusing_changes_no_figure_and_makes_no_edition(world: ReplyWorld) -> None:
    world.open_window()
    row = world.file_one()
    decision = actions.decide_objection(
        by=world.centre, objection=row, outcome="refused", score=None, reason="หลักฐานไม่พอ", seen=0
    )
    assert decision.edition is None
    assert not OfficialResult.objects.filter(edition__gt=0).exists()
    assert Notice.objects.filter(kind="objection.decided.refused", user=world.trial.secretariat).exists()


@pytest.mark.parametrize(
    "wrong", [{"reason": "  "}, {"outcome": "partly", "score": Decimal(90)}, {"outcome": "partly"}, {"outcome": "x"}]
)
def test_a_decision_needs_a_reason_and_a_score_between(world: ReplyWorld, wrong: dict) -> None:
    world.open_window()
    row = world.file_one()
    given = {"outcome": "upheld", "score": None, "reason": "x", "seen": 0, **wrong}
    with pytest.raises(RefusedError):
        actions.decide_objection(by=world.centre, objection=row, **given)
    assert not ObjectionDecision.objects.exists()


def test_one_objection_per_sub_pillar_withdrawn_and_filed_again(world: ReplyWorld) -> None:
    world.open_window()
    row = world.file_one()
    with pytest.raises(RefusedError):
        world.file_one("90")
    actions.withdraw_objection(by=world.trial.secretariat, objection=row)
    with pytest.raises(RefusedError):
        actions.decide_objection(by=world.centre, objection=row, outcome="upheld", score=None, reason="x", seen=0)
    world.file_one("90")
    assert [(one.state, one.wanted) for one in Objection.objects.all()] == [("filed", 90)]


def test_a_corrected_table_during_the_window_is_an_edition_too(world: ReplyWorld) -> None:
    world.open_window()
    results.import_official_results(
        table=published(f"ปี,จังหวัด,1.1,ที่มา\n{world.year},TH-43,45,ประกาศแก้"), kept_years=list_contested_years()
    )
    row = world.file_one()
    assert (row.official, row.edition) == (45, 1)
    decision = actions.decide_objection(
        by=world.centre, objection=row, outcome="partly", score=Decimal(60), reason="x", seen=0
    )
    assert decision.edition == 2
