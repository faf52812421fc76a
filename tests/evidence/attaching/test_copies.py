"""The copy of what a web address showed: kept, handed out, withheld, taken off; and the report of those without one."""

from __future__ import annotations

import json
import socket
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from evidence.attaching import actions
from evidence.attaching.links import links_without_copy
from evidence.attaching.snapshot import evidence_snapshot
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, File, FileText, ScanState
from reports.proof.files import FileCheck
from reports.proof.verify import verify_all
from survey.approval.review import open_points_of, read_review_state
from survey.models import Answer, Event, Response
from survey.verifying.verify import verify_journal
from tests.evidence.attaching.test_undo import js_and_plain, press, undo_url
from tests.evidence.conftest import World, pdf, upload
from tests.proven import codes

PLACE = "E2=yes"
URL = "https://example.org/plan"


@pytest.fixture
def link(world: World) -> Attachment:
    """A web address at the place that takes one."""
    return world.link(PLACE, URL)


@pytest.fixture(autouse=True)
def _nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """Keeping a copy opens no connection to anywhere but the database."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> Any:
        assert self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1", "localhost"), address
        return connect(self, address)

    def refuse(host: Any, *rest: Any, **more: Any) -> Any:
        assert host in ("127.0.0.1", "::1", "localhost", None), f"{host} is looked up"
        return real(host, *rest, **more)

    real = socket.getaddrinfo
    monkeypatch.setattr(socket.socket, "connect", only_here)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def keep(world: World, link: Attachment, content: bytes | None = None, name: str = "หน้าเว็บ.pdf") -> Attachment:
    actions.keep_copy(by=world.secretary, attachment=link, upload=upload(content or pdf("page"), name))
    link.refresh_from_db()
    return link


def proved() -> bool:
    return not [code for code, _field in codes() if code.startswith(("evidence", "event", "version"))]


def test_a_print_is_kept_like_any_file(world: World, link: Attachment) -> None:
    keep(world, link)
    assert link.copy is not None
    assert FileText.objects.filter(file=link.copy).exists(), "its text is read"
    event = Event.objects.get(response=world.response, verb="evidence.copy")
    assert event.data["after"] == {"sha256": link.copy.sha256, "size": link.copy.size}
    (entry,) = evidence_snapshot(world.response)
    assert entry["copy"] == link.copy.sha256
    assert proved()
    assert verify_journal().ok
    keep(world, link)
    assert Event.objects.filter(verb="evidence.copy").count() == 1, "the same again changes nothing"
    keep(world, link, pdf("newer"))
    assert Event.objects.filter(verb="evidence.copy").count() == 2
    assert proved()


def test_only_of_a_web_address_and_only_prints_and_pictures(world: World, link: Attachment) -> None:
    with pytest.raises(EvidenceRefused):
        actions.keep_copy(by=world.secretary, attachment=world.attach(), upload=upload(pdf("x")))
    with pytest.raises(EvidenceRefused):
        keep(world, link, b"MZ\x90\x00" + b"\x00" * 200, "page.pdf")
    assert Attachment.objects.get(pk=link.pk).copy is None


def test_the_file_check_knows_it(world: World, link: Attachment) -> None:
    copy = keep(world, link).copy
    assert copy is not None
    assert verify_all(files=FileCheck.FULL).ok
    File.objects.filter(pk=copy.pk).update(size=copy.size + 1)
    (fault,) = [f for f in verify_all(files=FileCheck.FAST).faults if f.code == "file.size"]
    assert (fault.place, fault.province) == (PLACE, world.province.code)


@js_and_plain
def test_kept_taken_off_and_brought_back_on_the_panel(world: World, link: Attachment, client: Client, js: bool) -> None:
    client.force_login(world.secretary)
    slot = reverse("evidence:slot", args=[world.response.pk, "E2"]) + "?at=E2%3Dyes"
    page = client.get(slot).content.decode()
    assert "ยังไม่มีสำเนาของหน้าเว็บ" in page
    assert "บันทึกเป็น PDF" in page
    urls = {
        n: reverse(f"evidence:{n}", args=[world.response.pk, link.public_id])
        for n in ("copy", "copy-keep", "copy-remove")
    }
    assert client.post(urls["copy-keep"]).status_code == 422
    panel = press(client, urls["copy-keep"], js, copy=upload(pdf("page")))
    assert urls["copy"] in panel
    assert "เก็บเมื่อ" in panel
    assert b"".join(client.get(urls["copy"])) == pdf("page")
    panel = press(client, urls["copy-remove"], js)
    assert urls["copy"] + '"' not in panel
    assert client.get(urls["copy"]).status_code == 404
    panel = press(client, undo_url(panel), js)
    assert urls["copy"] in panel
    assert proved()
    client.force_login(world.outsider)
    assert client.get(urls["copy"]).status_code == 404


def test_an_infected_copy_is_withheld_and_counts_as_none(world: World, link: Attachment, client: Client) -> None:
    copy = keep(world, link).copy
    File.objects.filter(pk=copy.pk).update(scan_state=ScanState.INFECTED)
    client.force_login(world.secretary)
    assert client.get(reverse("evidence:copy", args=[world.response.pk, link.public_id])).status_code == 403
    assert [row.url for row in links_without_copy([world.response], "th")] == [URL]


def test_a_copy_goes_along_when_evidence_is_taken_over(world: World) -> None:
    theirs = world.link(PLACE, URL, response=world.contribution, by=world.coordinator)
    adopt = {"by": world.secretary, "attachment": theirs, "response": world.response, "address": PLACE}
    bare = actions.adopt_evidence(**adopt).attachment
    assert bare.copy is None
    actions.keep_copy(by=world.coordinator, attachment=theirs, upload=upload(pdf("page")))
    actions.adopt_evidence(**adopt)
    bare.refresh_from_db()
    assert bare.copy is not None
    assert proved()


def test_the_report_lists_addresses_of_answers_and_contributions(
    world: World, link: Attachment, client: Client, django_assert_max_num_queries: Any
) -> None:
    Answer.objects.create(
        response=world.contribution,
        question=world.question("E2"),
        value={"E2": "yes", "E2.url": "=https://example.org/agency"},
        saved_by=world.coordinator,
        saved_at=link.added_at,
    )
    client.force_login(world.secretary)
    url = reverse("evidence:links", args=[world.response.pk])
    client.get(url)
    with django_assert_max_num_queries(10):
        page = client.get(url).content.decode()
    assert URL in page
    assert "https://example.org/agency" in page
    assert str(world.agency) in page
    text = client.get(f"{url}?format=csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    assert "'=https://example.org/agency" in text
    sheet = load_workbook(BytesIO(client.get(f"{url}?format=xlsx").content)).active
    assert [cell.value for cell in sheet["E"]][1:] == [URL, "=https://example.org/agency"]
    out = StringIO()
    told = {"province": world.province.code, "year": 2599}
    call_command("evidence", "links", **told, format="json", stdout=out)
    rows = json.loads(out.getvalue())
    assert [(row["agency"], row["question"], row["address"]) for row in rows] == [
        ("", "E2", PLACE),
        (str(world.agency), "E2", PLACE),
    ]
    out = StringIO()
    call_command("evidence", "links", **told, format="csv", stdout=out)
    assert len(out.getvalue().splitlines()) == 3
    with pytest.raises(CommandError):
        call_command("evidence", "links", province="TH-00", year=2599)
    keep(world, link)
    world.attach(PLACE, response=world.contribution, by=world.coordinator)
    assert links_without_copy(Response.objects.filter(round=world.response.round), "th") == []


def test_who_reads_one_contribution_sees_its_addresses_only(world: World, link: Attachment, client: Client) -> None:
    client.force_login(world.coordinator)
    page = client.get(reverse("evidence:links", args=[world.contribution.pk])).content.decode()
    assert URL not in page
    assert client.get(reverse("evidence:links", args=[world.response.pk])).status_code == 404


def test_a_copy_beside_an_answered_address_is_no_open_point_and_the_filter_knows_it(
    world: World, client: Client
) -> None:
    world.answer({"E2": "yes", "E2.url": URL}, "E2")
    client.force_login(world.secretary)
    listing = reverse("evidence:listing", args=[world.response.pk]) + "?show=links"
    slot = reverse("evidence:slot", args=[world.response.pk, "E2"]) + "?at=E2%3Dyes"
    assert 'class="evl-places"' in client.get(listing).content.decode()
    assert "เก็บไว้ด้วยสามขั้น" in client.get(slot).content.decode()
    world.attach(PLACE)
    assert 'class="evl-places"' not in client.get(listing).content.decode()
    assert "เก็บไว้ด้วยสามขั้น" not in client.get(slot).content.decode()
    response = Response.objects.get(pk=world.response.pk)
    points = open_points_of(response, read_review_state(response))
    assert not [p for p in points if p.address == PLACE]
