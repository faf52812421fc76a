"""A form from a browser: faults with their lines, drafts, preview, publishing, the file as it was given."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from survey.models import Answer, DataFile, Instrument
from survey.publishing.actions import AlreadyDecided, publish_form
from tests.survey.publishing.conftest import Upload, read
from tests.trial import TRIAL

BOMB = "a: &a0 [1]\n" + "".join(f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30))
WITH_NOTE = "﻿# หมายเหตุของผู้เขียน\r\n" + read().replace("\n", "\r\n")


def page(client: Client, name: str, *args: object, query: str = "", status: int = 200) -> str:
    answer = client.get(reverse(f"survey:{name}", args=args) + query)
    assert answer.status_code == status
    return answer.content.decode()


def test_every_fault_is_told_with_its_line_and_the_line(upload: Upload) -> None:
    text = read().replace("kind: number", "kind: nummer", 1).replace("th: ไม่มี", "tt: ไม่มี", 1)
    line = next(n for n, one in enumerate(text.splitlines(), 1) if "tt: ไม่มี" in one)
    answer = upload(text)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f"บรรทัด {line}" in html
    assert "tt: ไม่มี" in html, "the text of the line"
    assert "kind: nummer" in html, "the line that is wrong, not the one its item begins on"
    assert not Instrument.objects.exists()
    assert not DataFile.objects.exists(), "a faulty file is not kept"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "บรรทัด"),
        ("- no mapping", "ไม่ใช่ YAML ที่เป็นรายการ"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("a: 1\na: 2", "บรรทัด 2"),
        ("", "ว่าง"),
        ("x: " + "[" * 100 + "]" * 100, "ซ้อนกันลึกเกิน"),
        (b"x: " + b"a" * 4_000_001, "ไฟล์ใหญ่เกินไป"),
        (BOMB, "การอ้างซ้ำ"),
        ("x: &x [1, *x]", "อ้างถึงตัวเอง"),
    ],
)
def test_what_is_no_form_is_refused(upload: Upload, text: str | bytes, said: str) -> None:
    answer = upload(text)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not DataFile.objects.exists()


def test_a_draft_is_kept_letter_by_letter_and_nobody_opens_a_round_with_it(
    upload: Upload, signed_in: Client, centre: User
) -> None:
    assert upload(WITH_NOTE, "ปี 2570.yaml").status_code == 302
    row = Instrument.objects.get()
    assert row.published_at is None
    given = signed_in.get(reverse("survey:year-form-file", args=[row.pk]))
    assert given.content == WITH_NOTE.encode(), "the very bytes"
    assert "dg-trial-2570.v1.yaml" in given["Content-Disposition"]
    event = AccountEvent.objects.get(verb="load_data_file")
    assert (event.by, event.data["before"], event.data["after"]["file"]) == (centre, None, "ปี 2570.yaml")
    assert upload(WITH_NOTE).status_code == 302
    assert DataFile.objects.count() == 1, "the same again changes nothing"


def test_an_earlier_draft_stays_to_be_downloaded(upload: Upload, signed_in: Client) -> None:
    upload(read())
    upload(read() + "# ใหม่\n")
    row = Instrument.objects.get()
    first = DataFile.objects.earliest("pk")
    assert signed_in.get(reverse("survey:year-file-text", args=[first.pk])).content == read().encode()
    assert signed_in.get(reverse("survey:year-form-file", args=[row.pk])).content.endswith("# ใหม่\n".encode())
    told = AccountEvent.objects.filter(verb="load_data_file").latest("pk").data
    assert told["before"]["sha256"] == first.checksum != told["after"]["sha256"]
    with pytest.raises(TypeError, match="never changes"):
        first.save()


def test_publishing_says_what_it_means_and_is_done_once(upload: Upload, signed_in: Client, centre: User) -> None:
    upload(read())
    row = Instrument.objects.get()
    html = page(signed_in, "year-form", row.pk)
    assert "ไม่เปลี่ยนอีก" in html
    assert row.checksum in html
    to_publish = reverse("survey:year-form-publish", args=[row.pk])
    signed_in.post(to_publish, {"checksum": "0" * 64})
    row.refresh_from_db()
    assert row.published_at is None, "not what was looked at"
    signed_in.post(to_publish, {"checksum": row.checksum})
    row.refresh_from_db()
    assert row.published_at is not None
    assert DataFile.objects.get().published_by == centre
    assert AccountEvent.objects.get(verb="publish_data_file").data["after"]["sha256"] == row.checksum
    with pytest.raises(AlreadyDecided):
        publish_form(by=centre, row=row)


def test_a_published_version_is_never_overwritten(upload: Upload, signed_in: Client) -> None:
    call_command("instrument", "load", str(TRIAL), "--publish")
    answer = upload(read().replace("th: ไม่มี", "th: ไม่มีเลย", 1))
    assert answer.status_code == 422
    assert "เพิ่มเลข version" in answer.content.decode()
    assert upload(read().replace("th: ไม่มี", "th: ไม่มีเลย", 1).replace("version: 1", "version: 2")).status_code == 302
    new = Instrument.objects.get(version=2)
    html = page(signed_in, "year-form-differences", new.pk)
    assert "<del" in html
    assert "ไม่มีเลย" in html


def test_the_command_keeps_the_file_too(signed_in: Client) -> None:
    call_command("instrument", "load", str(TRIAL), "--publish")
    file = DataFile.objects.get()
    assert (file.text, file.name, file.loaded_by) == (read(), TRIAL.name, None)
    assert file.published_at is not None


def test_a_form_of_an_earlier_release_is_handed_out_as_it_is_stored(signed_in: Client) -> None:
    call_command("instrument", "load", str(TRIAL))
    DataFile.objects.all().delete()
    row = Instrument.objects.get()
    given = signed_in.get(reverse("survey:year-form-file", args=[row.pk])).content.decode()
    checksum = row.checksum
    row.delete()
    from survey.publishing.actions import load_form

    assert load_form(by=None, text=given)[0].checksum == checksum


def test_the_preview_shows_the_real_cards_and_leads_nowhere(upload: Upload, signed_in: Client) -> None:
    upload(read())
    row = Instrument.objects.get()
    first = signed_in.get(reverse("survey:year-form-preview-first", args=[row.pk]))
    sections = [s["id"] for s in row.source["sections"]]
    assert first.headers["Location"] == reverse("survey:year-form-preview", args=[row.pk, sections[0]])
    empty = page(signed_in, "year-form-preview", row.pk, sections[1])
    filled = page(signed_in, "year-form-preview", row.pk, sections[1], query="?filled=1")
    for html in (empty, filled):
        assert 'class="q"' in html
        assert "preview-of-nothing" not in html
        assert html.count("<form") == page(signed_in, "year-form", row.pk).count("<form") - 1, "only the page's own"
        assert len(html.encode()) < 150_000
    assert " checked" in filled
    assert " checked" not in empty
    assert not Answer.objects.exists()
    page(signed_in, "year-form-preview", row.pk, "no-such-section", status=404)
