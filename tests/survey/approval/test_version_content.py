"""The canonical text of an approved version can be taken along: by page and by command, to the byte."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from survey.approval.actions import reopen_response
from survey.models import FrozenResponse
from tests.flow import Flow

pytestmark = pytest.mark.django_db


def sha256sum(path: Path) -> str:
    """What a program that knows nothing of dgready says."""
    return subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True).stdout.split()[0]


@pytest.fixture
def version(flow: Flow) -> FrozenResponse:
    flow.save("T8", {"T8": "no"}, note="หมายเหตุภาษาไทย")
    return flow.approve()


def test_the_download_has_the_printed_hash_by_other_programs(
    flow: Flow, version: FrozenResponse, client: Client, tmp_path: Path
) -> None:
    client.force_login(flow.governor)
    page = client.get(reverse("survey:version", args=[flow.response.pk, 1])).content.decode()
    address = reverse("survey:version-content", args=[flow.response.pk, 1])
    assert address in page
    name = f"dgready-{flow.province.code}-{flow.round.year}-v1.json"
    assert f"sha256sum {name}" in page
    assert "certutil -hashfile" in page
    reply = client.get(address)
    assert reply["Content-Disposition"] == f'attachment; filename="{name}"'
    path = tmp_path / name
    path.write_bytes(b"".join(reply.streaming_content))  # type: ignore[attr-defined]
    assert int(reply["Content-Length"]) == path.stat().st_size
    assert sha256sum(path) == version.sha256


def test_what_the_hash_does_not_prove_is_not_handed_out(flow: Flow, version: FrozenResponse, client: Client) -> None:
    FrozenResponse.objects.filter(pk=version.pk).update(content=version.content.replace('"no"', '"yes"'))
    client.force_login(flow.governor)
    reply = client.get(reverse("survey:version-content", args=[flow.response.pk, 1]))
    assert reply.status_code == 503
    assert "ไม่ตรงกับรหัสที่บันทึกไว้" in reply.content.decode()
    with pytest.raises(CommandError, match="does not match its SHA-256"):
        call_command("journal", "export", province=flow.province.code, year=flow.round.year, out=Path("/dev/null"))


def test_the_command_writes_the_valid_version_or_the_one_asked_for(
    flow: Flow, version: FrozenResponse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--province", flow.province.code, "--year", str(flow.round.year), "--out", str(tmp_path / "out.json")]
    reopen_response(by=flow.governor, response=flow.response, reason="แก้ไข")
    with pytest.raises(CommandError, match="no such"):
        call_command("journal", "export", *place)
    call_command("journal", "export", *place, "--version", "1")
    assert sha256sum(tmp_path / "out.json") == version.sha256
    assert version.sha256 in capsys.readouterr().out
    flow.save("T8", {"T8": "yes"})
    second = flow.approve()
    call_command("journal", "export", *place)
    assert sha256sum(tmp_path / "out.json") == second.sha256
    with pytest.raises(CommandError):
        call_command("journal", "export", *place[:2], "--year", "2400", *place[4:])


def test_an_anchor_by_hand(flow: Flow, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("journal", "anchor")
    assert "2 chains, unsigned, SHA-256" in capsys.readouterr().out
