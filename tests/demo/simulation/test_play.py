"""A played year: the same for the same seed, whole, proven, and never on top of anybody's work."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.made_up import made_up_users
from accounts.models import AccountEvent, Agency, Membership, Province, User
from accounts.roles import Role
from demo.people import DEMO_PASSWORD
from evidence.models import Attachment, File, Mark
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from survey.answering import actions as answers
from survey.assigning.queries import ANSWERING_ROLES
from survey.consolidating.queries import read_consolidation
from survey.models import (
    Answer,
    Assignment,
    Comment,
    Consolidation,
    ConsolidationSource,
    Delegation,
    Event,
    FrozenResponse,
    Instrument,
    Meeting,
    Notice,
    Response,
    Round,
)
from tests.demo.simulation.conftest import YEAR, Play
from tests.factories import AgencyFactory, MembershipFactory, UserFactory
from tests.trial import make_trial

pytestmark = [pytest.mark.slow, pytest.mark.once]  # whole years

S = Assignment.State
KEYS = {
    "province",
    "year",
    "agencies",
    "seed",
    "parts",
    "responses",
    "contributions",
    "answers",
    "evidence",
    "consolidated",
    "score",
    "frozen_hash",
    "approved_by",
    "threads",
    "notices",
    "actions",
    "events",
    "seconds",
}
SEVERAL = 7  # agencies, of which some ask, pass on, decline and have parts returned
OWN = ("province", "frozen_hash", "seconds")  # of each play alone


def common(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key not in OWN}


def whole(round_: Round) -> None:
    """What holds after every play."""
    response = Response.objects.get(round=round_, agency=None)
    assert response.state == Response.State.APPROVED
    assert all(point["reason"] for point in response.open_points)
    assert nothing_lost(response) > 0
    attached = Attachment.objects.filter(response__round=round_)
    assert attached.exclude(response=response).exists()
    assert Mark.objects.filter(attachment__response=response).exists()
    report = verify_all(files=FileCheck.FULL)
    assert report.json() == {**report.json(), "ok": True, "faults": []}


def nothing_lost(response: Response) -> int:
    """Every accepted contribution stands behind the provincial answer, as it was when accepted. How many there are."""
    response = Response.objects.select_related("round__province", "round__instrument").get(pk=response.pk)
    book = read_consolidation(response)
    looked = 0
    for question, some in book.agency_answers.items():
        for part in some:
            if part.values and part.task and part.task.state == S.ACCEPTED:
                record = book.decisions[question]
                source = record.sources[part.contribution]
                assert source.revision == part.answer_row.revision, question
                looked += 1
        assert not book.changes_since_decision(question)
    taken = ConsolidationSource.objects.filter(consolidation__response=response).exclude(addresses=[])
    for source in taken.select_related("consolidation__question"):
        answer = Answer.objects.get(response=response, question=source.consolidation.question)
        assert set(source.addresses) <= set(answer.value)
    return looked


@pytest.mark.usefixtures("trial_form")
def test_the_same_seed_makes_the_same_year(here: Province, there: Province, play: Play) -> None:
    first, second = play(here.code), play(there.code)
    assert first.keys() == KEYS
    assert common(first) == common(second)
    assert first["frozen_hash"] != second["frozen_hash"]
    for code, told in ((here.code, first), (there.code, second)):
        frozen = FrozenResponse.objects.get(response__round__province__code=code)
        assert frozen.sha256 == told["frozen_hash"]
        assert told["approved_by"] == approver(frozen.response.round) == "delegate"
        whole(frozen.response.round)
    contents_are_stored_once(first)
    a_second_play_needs_fresh(here, first, play)
    what_real_people_did_is_never_thrown_away(there, play)


def approver(round_: Round) -> str:
    """Who approved a round, whatever the play told."""
    by = FrozenResponse.objects.get(response__round=round_).approved_by
    own = Membership.objects.filter(user=by, role=Role.GOVERNOR, delegation=None)
    return "governor" if own.exists() else "delegate"


def contents_are_stored_once(told: dict[str, Any]) -> None:
    """Of two plays."""
    assert told["evidence"]["attachments"] > told["evidence"]["files"]
    folder = Path(storages["evidence"].base_location)  # type: ignore[attr-defined]
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert len(stored) == File.objects.count() == told["evidence"]["files"]


def a_second_play_needs_fresh(here: Province, first: dict[str, Any], play: Play) -> None:
    """And is then the same again, by the same people; a delegate of the earlier one no longer is one."""
    events = list(Event.objects.values_list("hash", flat=True))
    with pytest.raises(CommandError, match="ดำเนินการไปแล้ว"):
        play(here.code)
    assert list(Event.objects.values_list("hash", flat=True)) == events
    people = User.objects.count()
    again = play(here.code, "--fresh")
    assert common(again) == common(first)
    assert User.objects.count() == people
    round_ = Round.objects.get(province=here)
    assert again["approved_by"] == approver(round_) == "delegate"
    assert Delegation.objects.filter(province=here, revoked_at=None).count() == 1
    whole(round_)


def what_real_people_did_is_never_thrown_away(there: Province, play: Play) -> None:
    """One event of theirs is enough."""
    response = Response.objects.get(round__province=there, agency=None)
    real = MembershipFactory(province=there, role=Role.GOVERNOR).user
    last = Event.objects.filter(response=response).latest("seq")
    Event.objects.create(response=response, seq=last.seq + 1, at=last.at, by=real, verb="comment.add", hash="0")
    before = Answer.objects.count()
    with pytest.raises(CommandError, match="ผู้ปฏิบัติงานจริง"):
        play(there.code, "--fresh")
    assert Answer.objects.count() == before


@pytest.mark.usefixtures("trial_form")
@pytest.mark.parametrize(("agencies", "seed"), [(1, "a"), (2, "c")])
def test_any_number_of_agencies(here: Province, play: Play, agencies: int, seed: str) -> None:
    told = play(here.code, agencies=agencies, seed=seed)
    tells_what_was_done(told, agencies)
    assert told["approved_by"] == {"a": "delegate", "c": "governor"}[seed]
    whole(Round.objects.get())


def tells_what_was_done(told: dict[str, Any], agencies: int) -> None:
    """Of the only play."""
    assert told["contributions"] == Response.objects.exclude(agency=None).count() == agencies
    assert told["answers"] == Answer.objects.count()
    assert told["events"] == Event.objects.count()
    assert told["consolidated"] == Consolidation.objects.count() > 0
    assert told["responses"] == {**told["responses"], "approved": 1, "draft": agencies}
    assert sum(told["parts"].values()) == Assignment.objects.filter(role__in=ANSWERING_ROLES).count()
    assert told["parts"]["accepted"] > 0
    assert 0 <= told["score"]["total"] <= 100
    assert told["approved_by"] == approver(Round.objects.get())


@pytest.mark.usefixtures("trial_form")
def test_the_year_has_everything_in_it(here: Province, play: Play) -> None:
    told = play(here.code, agencies=SEVERAL, seed="much")
    tells_what_was_done(told, SEVERAL)
    people_ask_answer_and_are_told(told)
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs >= {
        "response.open",
        "assignment.import",
        "answer.save",
        "evidence.attach",
        "evidence.mark",
        "evidence.adopt",
        "part.submit",
        "part.decline",
        "part.return",
        "part.accept",
        "consolidation.agreed",
        "consolidation.save",
        "external.save",
        "meeting.record",
        "meeting.attendance",
        "meeting.resolve",
        "response.endorse",
        "comment.resolve",
        "assignment.reassign",
        "comment.add",
        "comment.reply",
        "response.submit",
        "response.return",
        "response.approve",
    }
    agreed = Event.objects.get(verb="consolidation.agreed").data
    assert agreed["taken"]
    assert agreed["left"]
    assert Answer.objects.filter(response__agency__isnull=False).values("value").distinct().count() > 12
    meeting = Meeting.objects.get()
    assert (meeting.outcome, meeting.attendance.count()) == ("endorsed", SEVERAL + 1)
    whole(Round.objects.get())


def people_ask_answer_and_are_told(told: dict[str, Any]) -> None:
    """Remarks that demand an answer get one before the part goes; notices go to whom they concern."""
    demands = Comment.objects.filter(must_answer=True)
    assert told["threads"]["demanding"] == demands.count() > 0
    # The governor's remarks demand an answer, too: those are of the province.
    assert set(demands.filter(response__agency=None)) == set(
        Comment.objects.filter(pk__in=Event.objects.get(verb="response.return").data["comments"])
    )
    assert demands.filter(response__agency__isnull=False).exists()
    for first in demands.filter(response__agency__isnull=False):
        assert first.replies.exclude(by=first.by).exists()
        answered, submitted = (
            Event.objects.filter(response=first.response, verb=verb).earliest("seq").seq
            for verb in ("comment.reply", "part.submit")
        )
        assert answered < submitted
    returned = Event.objects.get(verb="response.return")
    assert len(returned.data["comments"]) == 2
    assert told["actions"]["response.submit"] == 2
    assert not Comment.objects.filter(pk__in=returned.data["comments"], resolved_at=None).exists()
    assert told["notices"] == Notice.objects.exclude(round=None).count()
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert kinds >= {"comment", "part.due", "meeting", "meeting.endorsed", "response.submit", "response.return"}
    assert Notice.objects.filter(read_at=None).exists()
    assert Notice.objects.exclude(read_at=None).exists()


# -- whose round it is ------------------------------------------------------------------------------


def test_an_empty_round_is_played_on_and_a_closed_one_is_not(play: Play) -> None:
    trial = make_trial()
    Round.objects.update(closes_at=timezone.now() - timedelta(days=1))
    with pytest.raises(CommandError, match="ปิดแล้ว"):
        play(trial.province.code)
    Round.objects.update(closes_at=trial.round.closes_at)
    play(trial.province.code, agencies=1)
    assert Round.objects.get().pk == trial.round.pk


def test_a_round_with_real_answers_is_left_alone(play: Play) -> None:
    trial = make_trial()
    given = {"by": trial.secretariat, "response": trial.response, "question": trial.question("T8")}
    answers.save_answer(**given, value={"T8": "no"}, base_revision=0)
    with pytest.raises(CommandError, match="ดำเนินการไปแล้ว"):
        play(trial.province.code)
    with pytest.raises(CommandError, match="ผู้ปฏิบัติงานจริง"):
        play(trial.province.code, "--fresh")
    assert Answer.objects.get().value == {"T8": "no"}
    assert not Assignment.objects.exists()


# -- agencies and people ----------------------------------------------------------------------------


@pytest.mark.usefixtures("trial_form")
def test_the_provinces_own_agencies_come_first_and_only_made_up_people_act(here: Province, play: Play) -> None:
    own = [AgencyFactory(province=here, code=code) for code in ("X1", "PO")]
    AgencyFactory(province=here, code="TOWN", kind="local_government")
    AgencyFactory(province=here, code="GONE", active=False)
    real = [MembershipFactory(province=here, role=role).user for role in (Role.SECRETARIAT, Role.GOVERNOR)]
    play(here.code, agencies=4)
    took = set(Response.objects.exclude(agency=None).values_list("agency__code", flat=True))
    assert took == {"X1", "PO", "SAMPLE-01", "SAMPLE-02"}
    made = Agency.objects.filter(province=here).exclude(pk__in=[a.pk for a in own]).filter(active=True)
    assert all("ตัวอย่าง" in a.name_th for a in made if a.code != "TOWN")
    acted = User.objects.filter(pk__in=Event.objects.exclude(by=None).values("by"))
    assert set(acted) <= set(made_up_users())
    assert not set(acted) & set(real)
    assert not any(user.has_usable_password() for user in acted)
    assert all(user.email.endswith(".example.org") and "ตัวอย่าง" in user.first_name for user in acted)
    assert AccountEvent.objects.filter(verb="play").count() == made_up_users().count() == 5 + 4


# -- refusals ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("trial_form")
def test_what_cannot_be_played(here: Province, play: Play) -> None:
    with pytest.raises(CommandError, match="ไม่มีจังหวัดรหัส TH-00"):
        play("TH-00")
    with pytest.raises(CommandError, match="ยังไม่มีแบบสำรวจปี 2599"):
        play(here.code, year="2599")
    for number in (0, 201):
        with pytest.raises(CommandError, match="ระหว่าง 1 ถึง 200"):
            play(here.code, agencies=number)
    assert not Round.objects.exists()
    assert not made_up_users().exists()


@pytest.mark.usefixtures("trial_form")
def test_a_refused_play_leaves_nothing_half_done(here: Province, play: Play) -> None:
    """Somebody real has the address of the last agency's made-up person: agencies and people made before go too."""
    UserFactory(email="agency-sample-03@th-91.example.org")
    with pytest.raises(CommandError, match=r"agency-sample-03@th-91\.example\.org เป็นของผู้ใช้จริง"):
        play(here.code)
    assert not Round.objects.exists()
    assert not made_up_users().exists()
    assert not Agency.objects.exists()


@pytest.mark.django_db
def test_an_unknown_province_loads_nothing(play: Play) -> None:
    with pytest.raises(CommandError, match="ไม่มีจังหวัดรหัส TH-00"):
        play("TH-00")
    assert not Province.objects.exists()


@pytest.mark.usefixtures("trial_form")
def test_in_production_only_on_purpose(
    here: Province, play: Play, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """And told in words; in a demonstration the made-up people have its password."""
    settings.PRODUCTION = settings.DEMO = True
    with pytest.raises(CommandError, match="--sample"):
        play(here.code)
    call_command("play", "--province", here.code, "--year", YEAR, "--agencies", "1", "--sample")
    said = capsys.readouterr().out
    assert f"province: {here.code}\n" in said
    assert "accepted" in said
    assert str(django_settings.BASE_DIR) not in said
    assert Response.objects.get(agency=None).state == Response.State.APPROVED
    governor = Membership.objects.get(province=here, role=Role.GOVERNOR, delegation=None).user
    assert governor.check_password(DEMO_PASSWORD)


def test_without_a_scheme_nothing_begins(here: Province, trial_form: Instrument, play: Play, settings: Any) -> None:
    settings.SCHEME_DIRS = []
    with pytest.raises(CommandError, match="ไม่มีเกณฑ์คะแนน"):
        play(here.code)
    assert not Round.objects.exists()
