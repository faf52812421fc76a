"""Checks of an evidence place and of a web address given there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dgready.typed.result import Refusal
from dgready.typed.web import MESSAGES as URL_MESSAGES
from dgready.typed.web import read_url
from evidence import places
from evidence.attaching.actions.typed import require_understood
from evidence.files.refusal import EvidenceRefused
from survey.instrument.queries import compiled_instrument
from survey.models import Question, Response


def require_place(response: Response, question: Question, address: str) -> places.PlaceDefinition:
    """The evidence place at the address. Raises EvidenceRefused where the question has none there."""
    place = places.find_place(compiled_instrument(response.round.instrument), address)
    if place is None or place.question != question.item_id:
        raise EvidenceRefused("place", _("ตำแหน่งนี้ไม่ใช่ที่แนบหลักฐานของข้อคำถามนี้"))
    return place


def clean_evidence_url(place: places.PlaceDefinition, url: str) -> str:
    """The web address in one spelling. Raises EvidenceRefused where the place takes none, or it is not one."""
    if place.need != "or_url":
        raise EvidenceRefused("url_place", _("ข้อนี้ต้องแนบไฟล์ ใช้ที่อยู่เว็บแทนไม่ได้"))
    return require_understood("url", read_url(url) or Refusal("url", URL_MESSAGES["url"]))
