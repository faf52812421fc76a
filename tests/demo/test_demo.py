"""manage.py demo on an empty database: complete, open, and the second time nothing new."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AccountEvent, Province
from accounts.roles import Role
from demo import province as demo
from demo import sample_round
from demo.people import DEMO_PASSWORD, sample_memberships
from demo.sample_file import load_sample
from demo.sample_round import DAYS_OPEN
from demo.sample_users import users_with_role
from evidence.checking.actions import check_file
from evidence.checking.rechecking import marks_of, recheck_marks
from evidence.models import Attachment, File, Mark
from scoring.models import ExternalScore, OfficialResult
from survey.models import Answer, Assignment, Event, Notice, Response, Round
from tests.evidence.checking.texts import read_all_files
from tests.factories import ProvinceFactory
from tests.trial import make_trial

COUNTED = (
    AccountEvent,
    Answer,
    Assignment,
    Attachment,
    Event,
    ExternalScore,
    File,
    Mark,
    OfficialResult,
    Response,
    Round,
)


def run(*args: str) -> str:
    out = StringIO()
    call_command("demo", *args, stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.fixture
def evidence_folder(tmp_path, settings):
    """A store of its own: what the demonstration attaches is gone with the test."""
    settings.DEMO = True
    settings.STORAGES = {
        **settings.STORAGES,
        "evidence": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.mark.django_db
def test_only_where_the_demonstration_is_switched_on(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DGREADY_DEMO"):
        run()
    assert not Province.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("evidence_folder")
def test_first_second_and_fresh_run():
    other = make_trial(province=ProvinceFactory(code="TH-99")).round
    began = timezone.localdate()
    said = run()
    first = counts()
    assert DEMO_PASSWORD in said
    assert {post.role for post in sample_memberships()} == set(Role.values)
    assert Province.objects.count() == 77
    check_round(Round.objects.exclude(pk=other.pk).get(), began)
    assert journal() == {
        "ok": True,
        "responses": first["Response"],
        "events": first["Event"],
        "files": File.objects.count(),
        "unproved": {"membership": 1},  # the person of the other province, stored by hand
        "faults": [],
    }

    run()
    assert counts() == first

    run("--fresh")
    assert {**counts(), "AccountEvent": 0} == {**first, "AccountEvent": 0}
    assert Round.objects.filter(pk=other.pk).exists()
    assert journal()["ok"]
    check_marks()


def check_marks() -> None:
    """Every passage that is marked stands in its file; what can be changed says so once the files are read."""
    read_all_files()
    for pk in File.objects.values_list("pk", flat=True):
        check_file(pk)
    marks = list(recheck_marks(marks_of()))
    assert marks
    assert [mark for mark in marks if mark.should_be not in ("exact", "normalised") or mark.is_fault] == []
    assert not Mark.objects.filter(state="").exists()
    assert journal()["ok"]


def check_round(round_: Round, began: date) -> None:
    """Open, two thirds answered by two people, with something left for the checker. `began`: made then or later."""
    today = timezone.localtime(round_.closes_at).date() - timedelta(days=DAYS_OPEN)
    assert began <= today <= timezone.localdate()
    assert round_.opens_on < today < round_.agency_due < round_.committee_on
    data = load_sample()
    assert (round_.period_from, round_.period_to) == (data["round"]["period_from"], data["round"]["period_to"])
    provincial = round_.responses.get(agency=None)
    answers = Answer.objects.filter(response=provincial)
    assert answers.values("saved_by").distinct().count() == 2
    assert answers.filter(unsure=True).count() == 3
    assert answers.filter(revision=2).exists()
    files = Attachment.objects.filter(response=provincial)
    assert 0 < files.filter(marks=None).count() < files.count()
    assert ExternalScore.objects.filter(response=provincial).count() == 3
    assert round_.responses.exclude(agency=None).count() == 2
    summary = "\n".join(demo.summarize_round(round_))
    share = int(summary.partition("(")[2].partition(" %")[0])
    assert 60 <= share <= 72


@pytest.fixture
def unfilled(evidence_folder, monkeypatch):
    """Only the frame of the demonstration: filling takes its time."""
    monkeypatch.setattr(sample_round, "_fill_provincial_answer", lambda *args: None)
    monkeypatch.setattr(sample_round, "_fill_contribution", lambda *args: None)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("unfilled")
def test_a_closed_round_is_opened_again():
    run()
    round_ = Round.objects.get()
    Round.objects.update(closes_at=timezone.now() - timedelta(days=1))
    before = counts()
    assert "its dates moved" in run()
    round_.refresh_from_db()
    assert not round_.is_closed(timezone.now())
    assert counts() == {**before, "Event": before["Event"] + 1}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("unfilled")
def test_assignments_of_the_file():
    run()
    rows = Assignment.objects.all()
    for sub, agency, role in (("1.3", "PO", "R"), ("1.4", "SO", "R"), ("1.4", "PO", "A"), ("4.1", "PH", "R")):
        assert rows.filter(sub_pillar__code=sub, agency__code=agency, role=role).exists()
    part = rows.get(item_id="P6.2.1.2a")
    assert (part.agency.code, part.question.item_id) == ("PH", "P6.2.1")
    assert not rows.filter(question__item_id="P6.2.1", item_id="", agency__code__in=("PH", "PO")).exists()
    assert rows.filter(sub_pillar__code="8.1").exists()
    event = Event.objects.get(verb="assignment.import")  # by the action that a list goes through
    assert event.by in users_with_role(load_sample(), Role.SECRETARIAT)
    assert len(event.data["add"]) == rows.count()
    assert set(Notice.objects.values_list("kind", flat=True)) == {"assignment", "meeting"}  # the sample meeting
    assert not rows.filter(agency__kind="local_government").exists()


def journal() -> dict:
    out = StringIO()
    call_command("journal", "verify", "--format", "json", stdout=out)
    return json.loads(out.getvalue())
