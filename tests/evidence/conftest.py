"""A province with a round of the sample instrument, a province beside it, and people in both."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Agency, Province, User
from accounts.roles import Role
from evidence.attaching import actions
from evidence.models import Attachment
from survey.instrument import actions as instruments
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument
from survey.models import Answer, Assignment, Instrument, Question, Response, Round
from tests.evidence.written_pdf import write_page
from tests.factories import AgencyFactory, MembershipFactory, ProvinceFactory
from tests.trial import source

QUOTE = "ข้อความ"
SOURCE = Path(__file__).with_name("instrument.yaml")


def pdf(text: str = "a", pages: int = 1) -> bytes:
    """A small PDF; another text makes another content. Each page says the text, and what `World.mark` quotes."""
    out = io.BytesIO()
    with pikepdf.new() as document:
        for _number in range(pages):
            write_page(document, [text, QUOTE])
        document.docinfo["/Title"] = text
        document.save(out, deterministic_id=True)
    return out.getvalue()


def upload(content: bytes, name: str = "แผน.pdf") -> SimpleUploadedFile:
    """A file as a form sends it."""
    return SimpleUploadedFile(name, content)


@dataclass
class World:
    """What the tests stand on."""

    instrument: Instrument
    province: Province
    agency: Agency
    secretary: User
    reader: User
    coordinator: User
    outsider: User
    response: Response
    contribution: Response
    elsewhere: Response

    def question(self, item_id: str) -> Question:
        """A question row."""
        return Question.objects.get(instrument=self.instrument, item_id=item_id)

    def attach(self, address: str = "E1=done", content: bytes | None = None, **more: Any) -> Attachment:
        """A file attached by the secretary."""
        given: dict[str, Any] = {"response": self.response, "by": self.secretary, **more}
        name = given.pop("name", "แผน.pdf")
        item = compiled_instrument(self.instrument).items[item_id_of(address)]
        question = self.question(item.question or item.id)
        return actions.attach_evidence(
            question=question, address=address, upload=upload(content or pdf(), name), **given
        ).attachment

    def link(self, address: str, url: str, **more: Any) -> Attachment:
        """A web address attached by the secretary."""
        given: dict[str, Any] = {"response": self.response, "by": self.secretary, **more}
        question = self.question(item_id_of(address))
        return actions.attach_evidence(question=question, address=address, url=url, **given).attachment

    def mark(self, attachment: Attachment, pages: str = "1", quote: str = QUOTE, **more: Any) -> Any:
        """A mark by the secretary."""
        return actions.save_mark(by=self.secretary, attachment=attachment, pages=pages, quote=quote, **more)

    def answer(self, values: dict[str, Any], item_id: str = "E1") -> None:
        """An answer as it would stand."""
        Answer.objects.create(
            response=self.response,
            question=self.question(item_id),
            value=values,
            saved_by=self.secretary,
            saved_at=datetime(2026, 1, 1, tzinfo=UTC),
        )


def make_round(instrument: Instrument, province: Province) -> Round:
    """A round that is open."""
    return Round.objects.create(
        submission_guards=[],  # tests of evidence submit with neither agencies nor a committee
        province=province,
        instrument=instrument,
        year=2599,
        period_from=date(2055, 6, 12),
        period_to=date(2056, 5, 30),
        opens_on=date(2026, 1, 1),
        agency_due=date(2056, 1, 1),
        committee_on=date(2056, 2, 1),
        closes_at=datetime(2056, 3, 1, tzinfo=UTC),
    )


def build(province: Province | None = None, neighbour: Province | None = None, agency: Agency | None = None) -> World:
    """A new world, around the given places if there are any."""
    instrument, _changed = instruments.load_instrument(data=source(SOURCE), publish=True)
    here = make_round(instrument, province or ProvinceFactory())
    there = make_round(instrument, neighbour or ProvinceFactory())
    agency = agency or AgencyFactory(province=here.province)
    questions = Question.objects.filter(instrument=instrument)
    Assignment.objects.bulk_create(Assignment(round=here, agency=agency, question=q) for q in questions)
    role = lambda **post: MembershipFactory(**post).user  # noqa: E731
    return World(
        instrument=instrument,
        province=here.province,
        agency=agency,
        secretary=role(province=here.province, role=Role.SECRETARIAT),
        reader=role(province=here.province, role=Role.COMMITTEE),
        coordinator=role(agency=agency, role=Role.COORDINATOR),
        outsider=role(province=there.province, role=Role.SECRETARIAT),
        response=Response.objects.create(round=here),
        contribution=Response.objects.create(round=here, agency=agency),
        elsewhere=Response.objects.create(round=there),
    )


@pytest.fixture
def world(db: None) -> World:
    """The world."""
    return build()


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A signed-in client."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in
