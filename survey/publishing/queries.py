"""Reads of the files of a year: drafts, what stands published, all that were loaded of one thing."""

from __future__ import annotations

from typing import Any

import yaml
from django.db.models import QuerySet

from survey.models import DataFile, DataFileKind, Instrument


def draft_of(**ends: Any) -> DataFile | None:
    """The newest file that is a draft of what `ends` names, if it was loaded after what is published. Two queries."""
    newest = DataFile.objects.filter(**ends).order_by("-pk").first()
    return newest if newest and newest.published_at is None else None


def earlier_of(**ends: Any) -> DataFile | None:
    """The newest published file of what `ends` names."""
    return DataFile.objects.filter(**ends, published_at__isnull=False).order_by("-version", "-pk").first()


def files_of_form(row: Instrument) -> QuerySet[DataFile]:
    """All files that were loaded as this version of a form, newest first, without their text."""
    ends = {"key": row.key, "year": row.year, "version": row.version}
    rows = DataFile.objects.filter(kind=DataFileKind.INSTRUMENT, **ends)
    return rows.defer("text").select_related("loaded_by", "published_by")


def siblings_of(file: DataFile) -> QuerySet[DataFile]:
    """All files of the same scheme or the same two forms, newest first, without their text."""
    ends = {"key": file.key, "year": file.year, "from_key": file.from_key, "from_year": file.from_year}
    rows = DataFile.objects.filter(kind=file.kind, **ends)
    return rows.defer("text").select_related("loaded_by", "published_by")


def earlier_form(row: Instrument) -> Instrument | None:
    """The version before this one of the same year, else the newest published one of an earlier year."""
    rows = Instrument.objects.filter(key=row.key).defer("source")
    same = rows.filter(year=row.year, version__lt=row.version).order_by("-version").first()
    published = rows.filter(year__lt=row.year, published_at__isnull=False)
    return same or published.order_by("-year", "-version").first()


def form_file_text(row: Instrument) -> tuple[str, bool]:
    """The file of a form, letter by letter; of one loaded by an earlier release a YAML of its content (True)."""
    files = DataFile.objects.filter(
        kind=DataFileKind.INSTRUMENT, key=row.key, year=row.year, version=row.version
    ).order_by("-pk")
    file = files.filter(published_at__isnull=False).first() if row.published_at else files.first()
    return (file.text, False) if file else (yaml_of(row.source), True)


def yaml_of(source: Any) -> str:
    """A YAML file with this content."""
    return yaml.dump(source, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=110)


_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
