"""Anchors: what each night's says, that it stays as it was, and that no chain can be rewritten behind it."""

from __future__ import annotations

import hashlib
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from dgready.write_once import WriteOnceRefused
from reports.models import SystemRun
from reports.proof import anchoring
from reports.proof.anchor_store import SIGNATURE, TEXT, TIMESTAMP, anchor_names, anchor_storage, read_part
from reports.proof.anchor_text import read_anchor
from reports.proof.anchoring import make_anchor
from reports.proof.anchors import anchor_faults
from reports.signing.timestamps import read_timestamp
from reports.system.runs import last_run
from survey.journal.actions import compute_event_hash
from survey.models import Event, Response
from tests.flow import Flow
from tests.reports.signing.authority import Authority, authority, signing, tsa

__all__ = ["authority", "signing", "tsa"]  # fixtures
pytestmark = pytest.mark.django_db


@pytest.fixture
def nights(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Makes an anchor a number of nights from now."""

    def make(night: int) -> anchoring.MadeAnchor:
        at = timezone.now() + timedelta(days=night)
        with monkeypatch.context() as patch:
            patch.setattr(anchoring.timezone, "now", lambda: at)
            return make_anchor()

    return make


def codes() -> list[str]:
    return [fault.code for fault in anchor_faults()]


def rewrite(response: Response, seq: int, **changes: Any) -> None:
    """Edit an event and every hash after it, so that the chain itself holds again."""
    previous = ""
    for event in Event.objects.filter(response=response).order_by("seq"):
        if event.seq == seq:
            for name, value in changes.items():
                setattr(event, name, value)
        event.previous = previous
        event.hash = previous = compute_event_hash(event)
        Event.objects.filter(pk=event.pk).update(
            data=event.data, previous=event.previous, hash=event.hash, by=event.by_id
        )
    Response.objects.filter(pk=response.pk).update(head=previous)


def on_disk(name: str, ending: str = TEXT) -> Path:
    path = Path(anchor_storage().path(name + ending))
    path.chmod(0o640)
    return path


def test_an_anchor_names_every_head_and_the_one_before(flow: Flow, nights: Any) -> None:
    first, flow_head = nights(0), Response.objects.get(pk=flow.response.pk)
    flow.save("T8", {"T8": "no"})
    second = nights(1)
    content = read_part(first.name, TEXT)
    assert content is not None
    assert hashlib.sha256(content).hexdigest() == first.sha256
    anchor = read_anchor(content.decode())
    (head,) = [one for one in anchor.heads if one.response == flow.response.pk]
    assert (head.seq, head.hash) == (flow_head.version, flow_head.head)
    assert (head.province, head.year) == (flow.province.code, flow.round.year)
    assert len(anchor.heads) == Response.objects.filter(version__gt=0).count()
    assert anchor.previous is None
    assert anchor.signed == "no"
    later = read_anchor((read_part(second.name, TEXT) or b"").decode())
    assert later.previous == (first.name, first.sha256)
    assert anchor_names() == [first.name, second.name]
    assert codes() == []
    run = last_run("anchor")
    assert run is not None
    assert run.ok
    assert run.detail["sha256"] == second.sha256


def test_what_is_written_is_never_written_again(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> None:
    at = timezone.now()
    monkeypatch.setattr(anchoring.timezone, "now", lambda: at)
    made = make_anchor()
    before = read_part(made.name, TEXT)
    with pytest.raises(WriteOnceRefused):
        make_anchor()
    with pytest.raises(WriteOnceRefused):
        anchor_storage().save(made.name + TEXT, ContentFile(b"another"))
    with pytest.raises(WriteOnceRefused):
        anchor_storage().delete(made.name + TEXT)
    assert read_part(made.name, TEXT) == before
    assert not Path(anchor_storage().path(made.name + TEXT)).stat().st_mode & 0o222
    assert [run.ok for run in SystemRun.objects.filter(kind="anchor").order_by("pk")] == [True, False]


def test_a_chain_rewritten_without_a_seam_is_found(flow: Flow, nights: Any) -> None:
    flow.save("T8", {"T8": "no"})
    nights(0)
    flow.save("T8", {"T8": "yes"})
    made = nights(1)
    last = Response.objects.get(pk=flow.response.pk)
    expected = last.head
    rewrite(flow.response, last.version, by_id=flow.governor.pk)
    (fault,) = anchor_faults()
    assert (fault.code, fault.subject, fault.response, fault.seq) == (
        "anchor.head",
        made.name,
        flow.response.pk,
        last.version,
    )
    assert (fault.province, fault.year) == (flow.province.code, flow.round.year)
    assert (fault.expected, fault.found) == (expected, Response.objects.get(pk=flow.response.pk).head)
    assert f"เหตุการณ์ที่ {last.version}" in fault.text()
    assert fault.json()["message_en"]
    rewrite(flow.response, 1, by_id=flow.governor.pk)
    (fault,) = anchor_faults()
    assert fault.seq is not None
    assert fault.seq < last.version  # the earliest anchor that differs


def _cut_off(flow: Flow) -> None:
    newest = Event.objects.filter(response=flow.response).order_by("-seq")
    Event.objects.filter(pk=newest[0].pk).delete()
    before = newest[0]
    Response.objects.filter(pk=flow.response.pk).update(version=before.seq, head=before.hash)


def _edit_log(flow: Flow) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_accountevent SET verb = 'join' WHERE verb = 'grant'")
        assert cursor.rowcount


def test_the_newest_event_cut_off_is_found(flow: Flow, nights: Any, capsys: pytest.CaptureFixture[str]) -> None:
    flow.save("T8", {"T8": "no"})
    flow.save("T8", {"T8": "yes"})
    nights(0)
    _cut_off(flow)
    assert codes() == ["anchor.event_missing"]
    with pytest.raises(SystemExit):
        call_command("journal", "verify")
    assert "anchor.event_missing" in capsys.readouterr().out


def test_an_edited_account_log_is_found(flow: Flow, nights: Any) -> None:
    from accounts.actions.log import record_account_event

    record_account_event(by=None, verb="grant")
    nights(0)
    record_account_event(by=None, verb="join")  # later entries do not matter
    assert codes() == []
    _edit_log(flow)
    assert codes() == ["anchor.log"]


def test_an_edited_or_lost_anchor_is_found(flow: Flow, nights: Any) -> None:
    made = [nights(night) for night in range(3)]
    path = on_disk(made[1].name)
    content = path.read_bytes()
    head = read_anchor(content.decode()).heads[0].hash
    path.write_bytes(content.replace(head.encode(), b"0" * 64))
    faults = list(anchor_faults())
    assert ("anchor.altered", made[1].name) in {(fault.code, fault.subject) for fault in faults}
    path.write_bytes(b"nonsense")
    assert "anchor.altered" in codes()
    path.unlink()
    assert codes() == ["anchor.missing"]
    path.write_bytes(content)
    assert codes() == []
    on_disk(made[2].name).unlink()  # the newest: the run remembers it
    assert codes() == ["anchor.missing"]


def test_a_signed_anchor_holds_by_openssl_and_not_without_its_signature(
    flow: Flow, nights: Any, signing: tuple[Path, Path, Path], settings: Any, tmp_path: Path
) -> None:
    made = nights(0)
    text, signature = on_disk(made.name), on_disk(made.name, SIGNATURE)
    assert read_anchor(text.read_text()).signed != "no"
    words = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-content", text, "-in", signature]
    more = ["-CAfile", signing[2], "-purpose", "any", "-out", tmp_path / "out"]
    done = subprocess.run([*words, *more], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert codes() == []
    kept = signature.read_bytes()
    signature.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    assert codes() == ["anchor.altered"]
    signature.unlink()
    assert codes() == ["anchor.altered"]
    signature.write_bytes(kept)
    settings.SIGNING_CERT = ""
    assert codes() == ["anchor.altered"]  # by a certificate that nobody here knows


def test_a_key_that_cannot_be_used_leaves_an_unsigned_anchor_and_a_failed_run(
    flow: Flow, signing: tuple[Path, Path, Path], settings: Any, tmp_path: Path
) -> None:
    settings.SIGNING_KEY = str(tmp_path / "missing.pem")
    made = make_anchor()
    assert made.problems
    run = last_run("anchor")
    assert run is not None
    assert not run.ok
    assert read_anchor((read_part(made.name, TEXT) or b"").decode()).signed == "no"


def test_a_time_stamp_is_of_that_text(flow: Flow, nights: Any, tsa: Authority) -> None:
    made = nights(0)
    text, stamp = read_part(made.name, TEXT), read_part(made.name, TIMESTAMP)
    assert text is not None
    assert stamp is not None
    assert abs(read_timestamp(text, stamp) - datetime.now(UTC)) < timedelta(minutes=1)
    assert codes() == []
    on_disk(made.name, TIMESTAMP).write_bytes(stamp[:-1] + bytes([stamp[-1] ^ 1]))
    assert codes() == ["anchor.altered"]


@pytest.mark.slow
def test_an_authority_that_is_slow_wrong_or_away_holds_nothing_up(flow: Flow, tsa: Authority, settings: Any) -> None:
    tsa.spoil = True
    assert "no time stamp" in anchoring.make_anchor().problems[0]
    tsa.spoil, tsa.pause, settings.TIMESTAMP_SECONDS = False, 0.2, 0.5
    time.sleep(1)  # names have seconds
    started = time.monotonic()
    made = anchoring.make_anchor()
    assert time.monotonic() - started < 3
    assert TIMESTAMP not in made.parts
    assert "no time stamp" in made.problems[0]
    assert len(anchor_names()) == 2


def test_it_goes_out_by_mail(flow: Flow, settings: Any, signing: tuple[Path, Path, Path]) -> None:
    settings.ANCHOR_MAIL = ["auditor@example.org", "keeper@example.org"]
    made = make_anchor()
    (letter,) = mail.outbox
    assert letter.to == settings.ANCHOR_MAIL
    assert made.sha256 in letter.body
    sent = {name: content for name, content, _kind in letter.attachments}
    title = made.name.rpartition("/")[2]
    assert sent.keys() == {title + TEXT, title + SIGNATURE}
    text = sent[title + TEXT]
    assert hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest() == made.sha256
