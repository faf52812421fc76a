"""Fetching what the pages of a year's files are about; each answers 404 for what is not there."""

from __future__ import annotations

from django.http import Http404

from accounts.access import SignedInRequest, require_central
from accounts.roles import Capability
from survey.models import DataFile, DataFileKind, Instrument


def get_form(request: SignedInRequest, number: int) -> Instrument:
    """A version of a form, draft or published."""
    require_central(request.user, Capability.INSTRUMENTS_MANAGE)
    row = Instrument.objects.defer("source").filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def get_file(request: SignedInRequest, number: int) -> DataFile:
    """A file that was loaded, of any kind."""
    require_central(request.user, Capability.INSTRUMENTS_MANAGE)
    row = DataFile.objects.select_related("loaded_by", "published_by").filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def form_of(file: DataFile) -> Instrument | None:
    """The form that a file was loaded as."""
    if file.kind != DataFileKind.INSTRUMENT:
        return None
    return Instrument.objects.defer("source").filter(key=file.key, year=file.year, version=file.version).first()
