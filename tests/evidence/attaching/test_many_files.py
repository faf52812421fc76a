"""The list of all evidence however many files there are: by pillar, with the first files of each place."""

from __future__ import annotations

import re
import uuid
from typing import TypeVar

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from demo.content import sample_values, values_by_question
from evidence import places
from evidence.attaching import actions
from evidence.attaching.overview import SHOWN_FILES
from evidence.models import Attachment, File
from survey.answering.queries import response_path
from survey.models import Answer
from tests.evidence.conftest import pdf, upload
from tests.trial import REAL, Trial, make_trial

pytestmark = pytest.mark.django_db
AGENCIES = 40
Row = TypeVar("Row", bound=Model)
LIMIT = 150_000


def with_files_of_all_agencies() -> tuple[Trial, int]:
    """The whole form answered, and at each of its places a file of every agency; how many places."""
    trial = make_trial(REAL)
    values = values_by_question(trial.compiled, sample_values(trial.compiled, seed=1, share=1.0))
    saved = {"response": trial.response, "saved_by": trial.secretariat, "saved_at": timezone.now()}
    Answer.objects.bulk_create(
        Answer(question=trial.question(item), value=value, **saved) for item, value in values.items()
    )
    path = response_path(trial.response)
    found = [(address, places.find_place(path.instrument, address)) for address in path.places]
    first, place = found[0]
    assert place is not None
    one = actions.attach_evidence(
        by=trial.secretariat,
        response=trial.response,
        question=trial.question(place.question),
        address=first,
        upload=upload(pdf(), "แผนพัฒนาดิจิทัลของจังหวัด.pdf"),
    ).attachment
    assert one.file is not None
    files = File.objects.bulk_create(_copy(one.file, sha256=f"{number:064x}") for number in range(AGENCIES))
    Attachment.objects.filter(pk=one.pk).delete()
    Attachment.objects.bulk_create(
        _copy(one, public_id=uuid.uuid4(), address=address, question=trial.question(at.question), file=file)
        for address, at in found
        if at is not None
        for file in files
    )
    return trial, len(found)


def _copy(row: Row, **changed: object) -> Row:
    fields = {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if not f.primary_key}
    return type(row)(**{**fields, **changed})


def test_no_page_of_the_list_is_large_and_together_they_tell_every_place() -> None:
    trial, count = with_files_of_all_agencies()
    client = Client()
    client.force_login(trial.secretariat)
    base = f"/r/{trial.response.pk}/evidence/"
    front = client.get(base)
    others = re.findall(r'href="\?pillar=([^"&]+)"', front.content.decode())
    assert len(others) > 5
    told = 0
    for address in (base, *(f"{base}?pillar={key}" for key in others)):
        page = client.get(address).content.decode()
        assert len(page.encode()) <= LIMIT, (address, len(page.encode()))
        told += page.count('<div class="evl-what">')
        assert f"และอีก {AGENCIES - SHOWN_FILES} รายการ" in page
    assert told == count
