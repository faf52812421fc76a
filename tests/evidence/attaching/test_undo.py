"""Taking evidence off and removing a mark are undone where they were done."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.attaching.actions import delete_mark
from evidence.models import Mark
from survey.models import Event, Response
from survey.verifying.verify import verify_journal
from tests.evidence.conftest import World

FRAGMENT = {"HTTP_HX_REQUEST": "true"}
js_and_plain = pytest.mark.parametrize("js", [True, False], ids=["js", "plain"])


def press(client: Client, url: str, js: bool, **data: Any) -> str:
    """The panel after a post."""
    if js:
        return client.post(url, data, **FRAGMENT).content.decode()
    reply = client.post(url, data)
    assert reply.status_code == 302
    return client.get(reply["Location"]).content.decode()


def undo_url(panel: str) -> str:
    """Where the panel's undo button posts."""
    place = re.search(r'<div class="undo" role="status">.*?</form>', panel, re.S)
    assert place
    assert "เลิกทำ" in place[0]
    return re.findall(r'action="([^"]+)"', place[0])[0]


@js_and_plain
def test_what_was_taken_off_comes_back_with_its_marks(world: World, client: Client, js: bool) -> None:
    attachment = world.attach()
    world.mark(attachment, quote="ข้อความสำคัญ")
    client.force_login(world.secretary)
    panel = press(client, reverse("evidence:remove", args=[world.response.pk, attachment.public_id]), js)
    assert "นำหลักฐานออกแล้ว: แผน.pdf" in panel
    assert 'data-file="' not in panel
    panel = press(client, undo_url(panel), js)
    assert f'data-file="{attachment.public_id}"' in panel
    assert "ข้อความสำคัญ" in panel
    assert 'class="undo"' not in panel


@js_and_plain
def test_a_mark_comes_back_as_it_was(world: World, client: Client, js: bool) -> None:
    attachment = world.attach()
    mark = world.mark(attachment, quote="ข้อความสำคัญ")
    made = Mark.objects.filter(pk=mark.pk).values("pages", "quote", "by", "at").get()
    colleague = world.secretary
    client.force_login(colleague)
    url = reverse("evidence:mark", args=[world.response.pk, attachment.public_id, mark.pk])
    panel = press(client, url, js, delete="1")
    assert "ลบเครื่องหมายแล้ว" in panel
    assert not Mark.objects.exists()
    again = undo_url(panel)
    panel = press(client, again, js)
    assert "ข้อความสำคัญ" in panel
    assert Mark.objects.values("pages", "quote", "by", "at").get() == made
    verbs = list(Event.objects.order_by("seq").values_list("verb", flat=True))
    assert verbs[-2:] == ["evidence.unmark", "evidence.remark"]
    assert verify_journal().ok
    twice = client.post(again, **FRAGMENT)
    assert (twice.status_code, Mark.objects.count()) == (422, 1)
    assert "เครื่องหมายเดียวกันมีอยู่แล้ว" in twice.content.decode()


def test_what_is_no_removal_of_this_file_is_not_found(world: World, client: Client) -> None:
    attachment, other = world.attach(), world.attach("E1b")
    mark = world.mark(attachment)
    added = Event.objects.order_by("seq").last()
    removal = delete_mark(by=world.secretary, mark=mark)
    assert removal is not None
    assert added is not None
    client.force_login(world.secretary)
    for file, number in ((other, removal.seq), (attachment, added.seq), (attachment, 99)):
        url = reverse("evidence:mark-restore", args=[world.response.pk, file.public_id, number])
        assert client.post(url).status_code == 404


def test_nothing_comes_back_once_it_is_submitted(world: World, client: Client) -> None:
    attachment = world.attach()
    removal = delete_mark(by=world.secretary, mark=world.mark(attachment))
    assert removal is not None
    Response.objects.filter(pk=world.response.pk).update(state=Response.State.SUBMITTED)
    client.force_login(world.secretary)
    url = reverse("evidence:mark-restore", args=[world.response.pk, attachment.public_id, removal.seq])
    assert client.post(url, **FRAGMENT).status_code == 409
    assert not Mark.objects.exists()


@pytest.mark.parametrize("query", ["removed=x", "removed=", "unmarked=x", "unmarked=999", "removed=" + "0" * 32])
def test_a_made_up_query_offers_nothing(world: World, client: Client, query: str) -> None:
    world.attach()
    client.force_login(world.secretary)
    url = reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone&" + query
    page = client.get(url)
    assert page.status_code == 200
    assert 'class="undo"' not in page.content.decode()
