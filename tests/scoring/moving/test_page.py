"""The page that shows a move, the command, and saves of pages that were open before it."""

from __future__ import annotations

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from scoring.engine.queries import score_response
from scoring.moving.preview import preview_move
from scoring.planning.actions.scenarios import save_scenario
from scoring.planning.what_if.changes import ScenarioChanges
from survey.models import Answer, Event, Response
from survey.verifying.verify import verify_journal
from tests.flow import text
from tests.scoring.moving.conftest import Moving, codes
from tests.test_matrix import signed_in


def page(moving: Moving) -> str:
    return reverse("scoring:form-move", args=[moving.round.province.code, moving.round.year])


def provincial(moving: Moving) -> Response:
    return Response.objects.select_related("round__instrument").get(round=moving.round, agency=None)


def post(moving: Moving, client: Client, **more: str) -> object:
    given = {"to": "2", "seen": str(moving.first.pk), "sure": "yes", **more}
    return client.post(page(moving), given)


def test_the_preview_says_what_the_move_does(moving: Moving) -> None:
    preview = preview_move(moving.round, moving.target)
    one = preview.provincial
    assert {v.text for v in one.aside} == {"ขอตัวอย่างคำตอบ", "เปิดรุ่นเพิ่ม", "https://example.go.th/map"}
    assert [v.text for v in one.options] == ["ในห้องเรียน"]
    assert "T9" in [p.question for p in one.opened]
    assert len(one.files_aside) == 1
    assert len(one.places_closed) == 1
    assert one.remarks_aside == 1
    assert preview.parts_gone[0][1] == "5.2" or preview.parts_gone[0][1] == "T5.2"
    assert len(preview.unassigned) == 1
    assert preview.score is not None
    assert preview.score.scheme == "form"
    changed = {s.code: (s.before, s.after) for s in preview.score.sub_pillars}
    moving.move()
    sheet = score_response(provincial(moving)).sheet
    assert sheet.total == preview.score.total_after
    after = {s.code: s.score for s in sheet.sub_pillars}
    assert changed
    assert all(after[code] == new for code, (_old, new) in changed.items())
    assert all(isinstance(new, Decimal) for _old, new in changed.values())


def test_the_page_shows_and_moves(moving: Moving, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    client = signed_in(moving.by)
    url = page(moving)
    client.get(url)
    with django_assert_max_num_queries(10):
        shown = text(client.get(url))
    assert "ขอตัวอย่างคำตอบ" in shown
    assert "มีหลักสูตรสำหรับผู้บริหารหรือไม่" in shown
    assert post(moving, client, sure="").status_code == 422
    assert post(moving, client, seen=str(moving.target.pk)).status_code == 422
    assert moving.round.instrument == moving.first
    assert post(moving, client).status_code == 302
    assert moving.round.instrument == moving.target
    again = post(moving, client)
    assert (again.status_code, again["Location"]) == (302, url.removesuffix("form/"))
    assert Event.objects.filter(verb="instrument.move", response__agency=None).count() == 1
    assert "ฉบับที่ 1" in text(client.get(page(moving)))
    assert client.get(page(moving), {"to": "9"}).status_code == 404
    assert codes() == []


def test_a_refused_round_shows_why_and_no_button(moving: Moving) -> None:
    moving.world.flow.approve()
    shown = text(signed_in(moving.by).get(page(moving)))
    assert "อนุมัติแล้ว จึงคงอยู่" in shown
    assert 'name="sure"' not in shown
    assert post(moving, signed_in(moving.by)).status_code == 422


def test_the_desk_says_that_there_is_a_newer_version(moving: Moving) -> None:
    client = signed_in(moving.by)
    assert page(moving) in text(client.get(reverse("survey:home")))
    moving.move()
    assert page(moving) not in text(client.get(reverse("survey:home")))


def test_a_card_of_the_old_page_is_saved_to_the_new_question(moving: Moving) -> None:
    client = signed_in(moving.world.secretariat)
    response = provincial(moving)
    fill = reverse("survey:fill", args=[response.pk, "2.1"])
    assert "ในห้องเรียน" in text(client.get(fill))
    revision = Answer.objects.get(response=response, question__item_id="T8").revision
    moving.move()
    shown = text(client.get(fill))
    assert 'id="T9"' in shown
    assert "ในห้องเรียน" not in shown
    url = reverse("survey:answer", args=[response.pk, "T8"])
    saved = client.post(url, {"T8": "yes", "_revision": str(revision)})
    assert saved.status_code in (200, 303, 302)
    answer = Answer.objects.get(response=response, question__item_id="T8")
    assert (answer.value, answer.question.instrument) == ({"T8": "yes"}, moving.target)
    assert Answer.objects.filter(response=response, question__instrument=moving.first).count() == 1
    shown = text(client.get(reverse("survey:history", args=[response.pk, "T6"])))
    assert "เปิดรุ่นเพิ่ม" in shown
    assert codes() == []


def test_a_changed_answer_is_merged_with_what_an_old_page_holds(moving: Moving) -> None:
    """T4 lost a column: its revision moved on, and what the old page changed elsewhere in it still counts."""
    client = signed_in(moving.world.secretariat)
    response = provincial(moving)
    revision = Answer.objects.get(response=response, question__item_id="T4").revision
    moving.move()
    posted = {
        "T4/kiosk/state": "yes",
        "T4/kiosk/amount": "3",
        "T4/kiosk/map": "https://example.go.th/map",
        "_revision": str(revision),
    }
    client.post(reverse("survey:answer", args=[response.pk, "T4"]), posted)
    assert moving.value("T4") == {"T4/kiosk/state": "yes", "T4/kiosk/amount": "3"}
    assert verify_journal().faults == []


def test_the_command_shows_then_moves(moving: Moving) -> None:
    code, year = moving.round.province.code, str(moving.round.year)
    which = ["instrument", "move", "--province", code, "--year", year, "--to", "2"]
    out = StringIO()
    call_command(*which, "--dry-run", "--format", "json", stdout=out, stderr=StringIO())
    shown = json.loads(out.getvalue())
    assert (shown[0]["from"], shown[0]["to"], shown[0]["refusal"]) == (1, 2, "")
    assert len(shown[0]["responses"][0]["aside"]) == 3
    call_command(*which, "--dry-run", stdout=out, stderr=StringIO())
    assert "nothing was changed" in out.getvalue()
    assert not Event.objects.filter(verb="instrument.move").exists()
    with pytest.raises(CommandError):
        call_command(*which, stdout=out, stderr=StringIO())
    with pytest.raises(CommandError, match="1 round"):
        call_command(*which, "--by", moving.world.people.who(Role.GOVERNOR).email, stdout=out, stderr=StringIO())
    call_command(*which, "--by", moving.by.email, stdout=out, stderr=StringIO())
    assert moving.round.instrument == moving.target
    with pytest.raises(CommandError):
        call_command(*which, "--by", moving.by.email, stdout=out, stderr=StringIO())
    assert "uses this version already" in out.getvalue()


def test_what_was_typed_for_a_question_that_went_is_shown(moving: Moving) -> None:
    client, response = signed_in(moving.world.secretariat), provincial(moving)
    url = reverse("survey:answer", args=[response.pk, "T5.2"])
    moving.move()
    plain = client.post(url, {"T5.2": "พิมพ์ก่อนย้าย", "_revision": "1"})
    assert plain.status_code == 409
    assert "พิมพ์ก่อนย้าย" in text(plain)
    by_script = client.post(url, {"T5.2": "พิมพ์ก่อนย้าย", "_revision": "1"}, headers={"accept": "application/json"})
    assert by_script.status_code == 409
    assert "ฉบับอื่น" in by_script.json()["refused"]
    assert client.post(reverse("survey:answer", args=[response.pk, "none"]), {}).status_code == 404


PAGES = (
    *(("survey:response", "survey:answers", "survey:check", "survey:brief", "survey:threads", "survey:consolidate")),
    *(("survey:journal", "evidence:listing", "scoring:score", "scoring:whatif", "scoring:compare", "scoring:plan")),
    *(("scoring:years", "reports:list", "survey:walk")),
)
ROUND_PAGES = ("survey:round", "survey:board", "survey:assignments", "survey:parts-waiting", "survey:meetings")


@pytest.mark.slow
def test_every_page_of_a_moved_round_opens(moving: Moving) -> None:
    """With all that a move leaves beside the form, and a scenario on what went."""
    flow = moving.world.flow
    for item in ("T1", "T5.2"):
        moving.world.answer(item, {item: "done"} if item == "T1" else {item: "ข้อเสนอของหน่วยงาน"})
    changes = ScenarioChanges({"T5.2": "อื่น", "T8": "yes"}, frozenset({"T8=yes"}), frozenset({"T6#r1"}))
    save_scenario(by=flow.secretariat, response=flow.response, name="ก่อนย้าย", changes=changes)
    moving.move()
    for user in (moving.world.secretariat, moving.by):
        client = signed_in(user)
        urls = [reverse(name, args=[flow.response.pk]) for name in PAGES if _is_page(name)]
        urls += [reverse(name, args=[moving.round.province.code, moving.round.year]) for name in ROUND_PAGES]
        urls += [reverse("survey:fill", args=[flow.response.pk, s]) for s in ("cover", "1.2.2", "2.1")]
        urls += [f"/p/{moving.round.province.code}/journal/"]
        told = {url: client.get(url, follow=True).status_code for url in urls}
        assert {url: code for url, code in told.items() if code not in (200, 404)} == {}
        assert sum(code == 200 for code in told.values()) > 15
    coordinator = signed_in(moving.world.coordinator)
    contribution = moving.world.contribution()
    for url in (reverse("survey:desk", args=[moving.round.province.code, moving.round.year]), "/notices/"):
        assert coordinator.get(url, follow=True).status_code in (200, 404)
    assert coordinator.get(reverse("survey:response", args=[contribution.pk]), follow=True).status_code == 200


def _is_page(name: str) -> bool:
    try:
        reverse(name, args=[1])
    except NoReverseMatch:
        return False
    return True
