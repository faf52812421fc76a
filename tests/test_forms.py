"""The Enter key is harmless in states of a round that tests/test_matrix.py, which walks every page, does not have."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.urls import reverse

from accounts.models import User
from survey.approval import actions as workflow
from survey.instrument.queries import compiled_instrument
from survey.models import Assignment, Response
from tests.enter_key import faults_of, faults_of_page
from tests.flow import make_flow, outside, submit_with_reasons
from tests.matrix_world import World
from tests.people import People
from tests.survey.agencies import assign, give
from tests.test_matrix import signed_in


def walk(url: str, who: list[tuple[str, User]]) -> Iterator[str]:
    """The faults of a page for everybody who may open it."""
    for name, user in who:
        yield from (f"{url} as {name}, {fault}" for fault in faults_of_page(signed_in(user).get(url)))


def test_enter_is_harmless_in_every_section_of_the_form(people: People) -> None:
    world = World(people)
    response = world.carried
    office: list[tuple[str, User]] = [("secretariat", world.member)]
    sections = compiled_instrument(response.round.instrument).sections
    found = [walk(reverse("survey:fill", args=[response.pk, section.id]), office) for section in sections]
    assert [fault for faults in found for fault in faults] == []


STEPS = ("survey:submit", "survey:withdraw", "survey:approve", "survey:return", "survey:reopen", "survey:brief")


def steps_of(people: People, response: Response) -> list[str]:
    """The faults of the pages on which a response takes its steps, in its state."""
    everyone = list(people.everyone())
    return [fault for name in STEPS for fault in walk(reverse(name, args=[response.pk]), everyone)]


@pytest.mark.once
def test_enter_decides_nothing_in_any_state(people: People) -> None:
    flow = make_flow(people)
    assert steps_of(people, flow.response) == []
    submit_with_reasons(flow)
    assert steps_of(people, flow.response) == []
    workflow.approve_response(by=flow.governor, response=flow.response, compose=outside)
    assert steps_of(people, flow.response) == []


@pytest.mark.slow
def test_enter_is_harmless_where_agencies_have_answered(people: People) -> None:
    flow = make_flow(people)
    for item_id, first, second in (("T8", {"T8": "no"}, {"T8": "no"}), ("T5.2", {"T5.2": "ก"}, {"T5.2": "ข"})):
        for code, value in (("A1", first), ("A2", second)):
            assign(flow.round, code, item_id, Assignment.State.OPEN)
            give(flow.round, code, item_id, value)
    Assignment.objects.update(state=Assignment.State.SUBMITTED)
    place = {"code": flow.province.code, "year": flow.round.year}
    urls = [reverse(f"survey:{name}", kwargs=place) for name in ("board", "desk", "assignments")]
    urls += [reverse(f"survey:{name}", args=[flow.response.pk]) for name in ("consolidate", "consolidate-agreed")]
    urls += [reverse("survey:consolidate-item", args=[flow.response.pk, item_id]) for item_id in ("T8", "T5.2")]
    assert [fault for url in urls for fault in walk(url, list(people.everyone()))] == []
    page = signed_in(flow.secretariat).get(urls[-1]).content.decode()
    assert "ดูผลก่อนบันทึก" in page
    assert "ใช้คำตอบที่ตรงกันทั้งหมด" in signed_in(flow.secretariat).get(urls[3]).content.decode()


def test_enter_is_harmless_in_a_conflict_and_beside_the_form(people: People) -> None:
    flow = make_flow(people)
    flow.save("T1", {"T1": "done"})
    office = signed_in(flow.secretariat)
    late = office.post(reverse("survey:answer", args=[flow.response.pk, "T1"]), {"_revision": "0", "T1": "none"})
    assert late.status_code == 409
    assert faults_of(late.content.decode()) == []
    panel = office.get(reverse("evidence:slot", args=[flow.response.pk, "T1"]) + "?at=T1%3Ddone").content.decode()
    assert 'name="url"' in panel
    assert faults_of(panel) == []


def test_the_walk_finds_a_form_that_clears() -> None:
    clears = '<form method="post"><input name="a"><button name="_clear" value="1">ล้างคำตอบข้อนี้</button></form>'
    assert faults_of(clears) == ["form to itself: “ล้างคำตอบข้อนี้” _clear=1"]
    assert (
        faults_of(clears.replace('<input name="a">', '<input name="a"><button type="submit" disabled></button>')) == []
    )
    assert faults_of('<form method="post"><input name="a"><button>อนุมัติ</button></form>')
