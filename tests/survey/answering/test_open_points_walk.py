"""Going from one open point to the next: their order, the redirect, the mark on the page."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client

from accounts.roles import Role
from survey.answering.checker import find_open_points
from survey.answering.point_mark import mark_point, point_anchor, visited_point
from survey.answering.point_order import PointOrder, point_after
from survey.instrument.path import resolve_path
from tests.trial import REAL, Trial, make_trial


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def page(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def open_points(world: Trial, values: dict[str, Any]) -> tuple[Any, list[Any]]:
    path = resolve_path(world.compiled, values)
    period = world.round.period_from, world.round.period_to
    return path, find_open_points(path, {}, period=period, unsure={}, comments={})


def test_points_are_walked_field_by_field(world: Trial) -> None:
    rows = {"G3": "yes", "G3.list": ["ra", "rb"]}
    path, points = open_points(world, rows)
    walked = PointOrder(path).sort(points)
    addresses = [p.address for p in walked if p.address.startswith("G3.list#")]
    assert addresses == sorted(addresses, key=lambda a: a.split("/")[0])  # one row after the other
    seen, after = [], ""
    while (point := point_after(points, path, after)) is not None:
        seen.append(point.key)
        after = point.key
    assert seen == [p.key for p in walked]
    assert len(seen) == len(points)


def test_after_a_point_that_was_answered_the_next_row_follows(world: Trial) -> None:
    keys = [key for key, _row in world.compiled.items["P5.1"].answer_rows]
    path, points = open_points(world, {f"P5.1/{keys[0]}/state": "no"})
    point = point_after(points, path, f"missing:P5.1/{keys[0]}/state")
    assert point is not None
    assert point.address == f"P5.1/{keys[1]}/state"


def test_after_an_answer_comes_its_own_evidence(world: Trial) -> None:
    asks = next(i for i in world.compiled.questions if i.kind == "single" and i.options[-1].evidence == "required")
    path, points = open_points(world, {asks.id: asks.options[-1].key})
    point = point_after(points, path, f"missing:{asks.id}")
    assert point is not None
    assert (point.kind, point.address) == ("no_file", f"{asks.id}={asks.options[-1].key}")
    assert point_anchor(point.kind, point.address, path) == f"e:{point.address}"


def test_from_a_section_its_first_point(world: Trial) -> None:
    path, points = open_points(world, {})
    point = point_after(points, path, "5.1")
    assert point is not None
    assert point.section == "5.1"
    for nonsense in ("", "missing:", "missing:nowhere", "zzz"):
        assert point_after(points, path, nonsense) is not None


def test_a_question_that_is_skipped_leads_to_what_follows_it(world: Trial) -> None:
    path, points = open_points(world, {"G1": "no"})
    assert "G2" not in path.on_items
    point = point_after(points, path, "G2")
    assert point is not None
    assert world.compiled.items[point.question].order > world.compiled.items["G2"].order


def test_the_next_point_leads_to_its_field(world: Trial, page: Client) -> None:
    place, seen = f"/r/{world.response.pk}/check/next/", set()
    for _step in range(5):
        reply = page.get(place)
        assert reply.status_code == 302
        target = urlsplit(reply.headers["Location"])
        anchor = unquote(target.fragment)
        text = page.get(f"{target.path}?{target.query}").content.decode()
        marked = text.split(f'id="{anchor}"')[1].split(">")[0]
        assert "data-point" in marked
        assert 'aria-describedby="point-said"' in marked
        assert 'id="point-said"' in text
        key = parse_qs(target.query)["point"][0]
        assert key not in seen
        seen.add(key)
        place = f"/r/{world.response.pk}/check/next/?after={key}"


def test_behind_the_last_point_the_list_says_so(world: Trial, page: Client) -> None:
    last = list(resolve_path(world.compiled, {}).fields)[-1]
    reply = page.get(f"/r/{world.response.pk}/check/next/", {"after": f"comment:{last}"}, follow=True)
    assert reply.redirect_chain[-1][0] == f"/r/{world.response.pk}/check/"
    assert "จุดสุดท้าย" in reply.content.decode()


def test_one_kind_only(world: Trial, page: Client) -> None:
    reply = page.get(f"/r/{world.response.pk}/check/next/", {"kind": "url"})
    assert reply.headers["Location"] == f"/r/{world.response.pk}/check/"
    reply = page.get(f"/r/{world.response.pk}/check/next/", {"kind": "missing", "after": "5.1"})
    assert "/fill/5.1/" in reply.headers["Location"]


def test_the_list_opens_at_the_point_one_came_from(world: Trial, page: Client) -> None:
    text = page.get(f"/r/{world.response.pk}/check/", {"at": "missing:P5.1/1/state"}).content.decode()
    assert text.count('<details class="card shadow-sm todo" open>') == 1
    pillar = text.split('<details class="card shadow-sm todo" open>')[1].split("</details>")[0]
    assert 'id="p-missing:P5.1/1/state"' in pillar
    assert " open>" not in page.get(f"/r/{world.response.pk}/check/").content.decode().split('class="chips"')[1]


def test_the_form_asks_no_more_queries_at_a_point(
    world: Trial, page: Client, django_assert_max_num_queries: Any
) -> None:
    page.get(f"/r/{world.response.pk}/fill/5.1/")
    with django_assert_max_num_queries(10):
        page.get(f"/r/{world.response.pk}/fill/5.1/?point=missing:P5.1/1/state")
    with django_assert_max_num_queries(10):
        page.get(f"/r/{world.response.pk}/check/next/?after=missing:P5.1/1/state")


@pytest.mark.parametrize("key", ["", "missing", "missing:", "nothing:G1", "missing:Z9", 'missing:"><script>', ":G1"])
def test_a_strange_point_marks_nothing(world: Trial, page: Client, key: str) -> None:
    reply = page.get(f"/r/{world.response.pk}/fill/3.1/", {"point": key})
    assert reply.status_code == 200
    assert "data-point" not in reply.content.decode()
    assert visited_point(resolve_path(world.compiled, {}), key) is None


def test_controls_keep_their_place_in_the_order_of_keys() -> None:
    assert mark_point('<p><input id="a" value="1"></p>', "a") == (
        '<p><input id="a" data-point aria-describedby="point-said" value="1"></p>'
    )
    assert 'tabindex="-1"' in mark_point('<div class="x" id="e:a=1">', "e:a=1")
    assert mark_point('<input aria-describedby="err:a" id="a">', "a").count("aria-describedby") == 1
    assert mark_point('<input id="ab">', "a") == '<input id="ab">'


def test_a_settled_point_is_said_to_be_settled(world: Trial, page: Client) -> None:
    page.post(f"/r/{world.response.pk}/answer/G1/", {"_revision": "0", "G1": "no"})
    text = page.get(f"/r/{world.response.pk}/fill/3.1/?point=missing:G1").content.decode()
    assert "จุดนี้ตอบแล้ว" in text


def test_readers_go_to_the_text(world: Trial, client: Client) -> None:
    client.force_login(world.user(Role.COMMITTEE))
    reply = client.get(f"/r/{world.response.pk}/check/next/", {"after": "5.1"}, follow=True)
    assert reply.redirect_chain[-1][0].endswith("/answers/?section=5.1")
