"""`manage.py journal verify`, and what a fault says."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from evidence.models import File, Mark
from scoring.models import ExternalScore
from survey.models import Answer, Event, Response
from survey.verifying.fault_texts import FAULT_TEXTS, KIND_LABELS, fault_title
from survey.verifying.report import JournalFault
from tests.assigned import Assigned
from tests.flow import COURSE

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


def run(*args: str, fails: bool = False) -> str:
    out = StringIO()
    if not fails:
        call_command("journal", "verify", *args, stdout=out)
        return out.getvalue()
    with pytest.raises(SystemExit) as caught:
        call_command("journal", "verify", *args, stdout=out)
    assert caught.value.code == 1
    return out.getvalue()


def test_what_holds(year: Assigned) -> None:
    counts = Response.objects.count(), Event.objects.count()
    told = json.loads(run("--format", "json"))
    assert (told["ok"], told["responses"], told["events"], told["faults"]) == (True, *counts, [])
    assert set(told["unproved"]) <= {"membership"}  # the people of the tests are stored by hand
    assert "{} responses, {} events and ".format(*counts) in run("--fast", "--language", "en")
    assert "ตรวจชุดคำตอบ {} ชุด เหตุการณ์ {} รายการ".format(*counts) in run()


def test_a_fault_names_everything(year: Assigned) -> None:
    ExternalScore.objects.update(score="99.00")
    Mark.objects.filter(quote="อีกข้อความ").delete()
    (score, *_others) = [f for f in json.loads(run("--format", "json", fails=True))["faults"] if f["subject"] == "2.2"]
    event = Event.objects.get(verb="external.save")
    assert (score["province"], score["year"], score["response"]) == ("TH-91", 2570, year.flow.response.pk)
    assert (score["seq"], score["field"], score["expected"], score["found"]) == (event.seq, "score", "50.25", "99.00")
    assert "คะแนนจากภายนอก" in score["message"]
    assert "50.25" in score["message"]
    assert "outside" in score["message_en"]
    text = run("--fast", fails=True)
    assert COURSE in text
    assert "[mark.missing]" in text
    assert "จังหวัด TH-91 ปี 2570" in text
    assert "province TH-91, year 2570" in run("--fast", "--language", "en", fails=True).replace(" year", ", year")


def test_every_code_has_words_in_both_languages() -> None:
    for code in [
        *FAULT_TEXTS,
        *(f"{kind}.{name}" for kind in KIND_LABELS for name in ("changed", "missing", "unknown")),
    ]:
        fault = JournalFault(code)
        assert fault.text("th") != fault.text("en"), code
        assert fault_title(code) != code


def test_what_cannot_be_read_is_a_fault_and_ends_nothing(year: Assigned) -> None:
    """An event that was made up, an answer that is none, a file that is gone: named, and the rest is looked at."""
    Event.objects.filter(verb="assignment.add").update(data=[])
    Answer.objects.filter(question__item_id="T1").update(value=[])
    name = File.objects.order_by("pk")[0].stored
    storages["evidence"].delete(name)
    found = json.loads(run("--format", "json", fails=True))
    codes = {fault["code"] for fault in found["faults"]}
    assert {"event.data", "chain.hash", "answer.changed", "file.missing"} <= codes
    assert found["responses"] == Response.objects.count()


def test_a_verb_that_nobody_knows_is_a_fault(year: Assigned) -> None:
    Event.objects.filter(verb="comment.resolve").update(verb="comment.vanish")
    assert "event.verb" in {fault["code"] for fault in json.loads(run("--format", "json", fails=True))["faults"]}
