"""Actions on uploaded schemes: check a file, keep it as a draft, publish it as a version that rounds may choose."""

from __future__ import annotations

from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from scoring.models import SchemeVersion
from scoring.scheme import registry
from scoring.scheme.check import check_scheme, check_weights
from scoring.scheme.load import parse_scheme
from scoring.scheme.types import ScoringScheme
from survey.instrument.queries import compiled_instrument, newest_instrument
from survey.instrument.source import Fault
from survey.models import DataFile, DataFileKind
from survey.publishing.actions import AlreadyDecided, keep_draft, log_published, mark_published


class SchemeRejected(ValueError):
    """The file has faults; `faults` lists them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


class SchemeVersionTaken(ValueError):
    """Another scheme is published under this version: a correction needs a new number."""


class SchemeIsThere(ValueError):
    """This very scheme is published already."""


def check_scheme_text(text: str) -> tuple[ScoringScheme | None, list[Fault]]:
    """A scheme and all faults of its file, checked against the newest form of its year that is loaded."""
    scheme, faults = parse_scheme(text)
    if scheme is None:
        return None, faults
    name = f"{scheme.instrument}-{scheme.year}"
    if scheme.key != name:
        faults.append(Fault(0, "scheme", f"is named {scheme.key!r}, not {name!r} as its form"))
    row = newest_instrument(scheme.instrument, scheme.year)
    if row is None and not scheme.table_only:
        faults.append(Fault(0, "instrument", f"no form {scheme.instrument} {scheme.year} is loaded"))
    if scheme.table_only or row is None:
        faults += check_weights(scheme)
    else:
        faults += check_scheme(scheme, compiled_instrument(row))
    return (None if faults else scheme), sorted(set(faults))


def keep_scheme(*, by: User | None, text: str, name: str) -> DataFile | None:
    """Keeps a scheme as a draft; None where the draft is this file already.

    Raises SchemeRejected, SchemeVersionTaken, SchemeIsThere.
    """
    scheme, faults = check_scheme_text(text)
    if scheme is None:
        raise SchemeRejected(faults)
    published = _published_text(scheme)
    if published is not None:
        raise SchemeIsThere if published == text else SchemeVersionTaken
    ends = {"key": scheme.instrument, "year": scheme.year, "version": scheme.version}
    return keep_draft(by=by, text=text, name=name, kind=DataFileKind.SCHEME, **ends)


def publish_scheme(*, by: User | None, file: DataFile) -> SchemeVersion:
    """Publishes a draft as a stored version. No round is scored by it until it is chosen, or has no other.

    Raises SchemeRejected, SchemeVersionTaken, SchemeIsThere, AlreadyDecided.
    """
    scheme, faults = check_scheme_text(file.text)
    if scheme is None:
        raise SchemeRejected(faults)
    published = _published_text(scheme)
    if published is not None:
        raise SchemeIsThere if published == file.text else SchemeVersionTaken
    loaded = registry.parse_scheme_text(file.text, Path(file.file_name))
    try:
        with transaction.atomic():
            mark_published(by=by, file=file)
            row = SchemeVersion.objects.create(
                key=scheme.key,
                year=scheme.year,
                version=scheme.version,
                checksum=loaded.checksum,
                text=file.text,
                made_by=by,
                made_at=timezone.now(),
            )
            log_published(by=by, file=file)
    except IntegrityError as error:
        raise AlreadyDecided from error
    return row


def _published_text(scheme: ScoringScheme) -> str | None:
    """The text of the published scheme of this name and version: stored, else in a file of the product."""
    row = SchemeVersion.objects.filter(key=scheme.key, version=scheme.version).only("text").first()
    if row is not None:
        return row.text
    try:
        filed = registry.get_scheme_by_name(scheme.key, scheme.version)
    except registry.MissingScheme:
        return None
    return filed.text if filed.scheme.version == scheme.version else None
