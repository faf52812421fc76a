"""The list of a province's rounds: a planned day gives way to what happened."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from tests.flow import Flow


def test_an_approved_round_shows_when_it_was_approved(flow: Flow, client: Client) -> None:
    client.force_login(flow.who(Role.PROVINCE_ADMIN))
    url = reverse("survey:rounds", args=[flow.round.province.code])
    assert "ปิดรับการอนุมัติ" in client.get(url).content.decode()
    flow.approve()
    html = client.get(url).content.decode()
    assert "อนุมัติแล้ว" in html
    assert "ปิดรับการอนุมัติ" not in html
