"""The paper's words from a browser: the report first, then attached; another paper changes nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountEvent, User
from survey.instrument.queries import compiled_instrument
from survey.models import OfficialText
from survey.publishing.reading import checksum_of
from survey.publishing.views import official_text as page
from tests.survey.instrument.official.printed import printed_form
from tests.survey.instrument.official.test_matching import WORDS
from tests.survey.publishing.conftest import Upload
from tests.trial import publish


@pytest.fixture(autouse=True)
def small_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "thai_dictionary", lambda: WORDS)


def test_a_report_comes_first_and_the_same_file_again_attaches(upload: Upload, signed_in: Client, centre: User) -> None:
    row = publish()
    paper = printed_form(compiled_instrument(row))
    address = reverse("survey:year-form-official", args=[row.pk])
    assert "ยังไม่แนบ" in signed_in.get(address).content.decode()
    first = upload(paper, "paper.txt", to=address)
    assert first.status_code == 200
    assert checksum_of(paper) in first.content.decode()
    assert not OfficialText.objects.exists()
    other = upload(paper + "\n", "paper.txt", to=address, checked=checksum_of(paper))
    assert other.status_code == 200, "another file than the one reported is reported first"
    assert not OfficialText.objects.exists()
    done = upload(paper, "paper.txt", to=address, checked=checksum_of(paper))
    assert done.status_code == 302
    assert OfficialText.objects.filter(instrument=row).exists()
    event = AccountEvent.objects.get(verb="attach_official_text")
    assert (event.by, event.data["before"]["wordings"]) == (centre, 0)
    assert event.data["after"]["wordings"] == OfficialText.objects.count()


def test_another_paper_changes_nothing(upload: Upload) -> None:
    row = publish()
    text = "เรื่องอื่นทั้งหมด ไม่ใช่แบบสำรวจ\n" * 20
    address = reverse("survey:year-form-official", args=[row.pk])
    answer = upload(text, "other.txt", to=address, checked=checksum_of(text))
    assert answer.status_code == 422
    assert "ไม่ถึงร้อยละ 90" in answer.content.decode()
    assert not OfficialText.objects.exists()
