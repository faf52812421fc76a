"""Published files of links that the installation stores: the newest between any two forms, and their checksum."""

from __future__ import annotations

from dgready.canonical import canonical_json, sha256_hex
from survey.models import DataFile, DataFileKind


def stored_links_into(key: str, year: int) -> dict[tuple[str, int | None], DataFile]:
    """The newest published links into a form by the form they come from. One query."""
    rows = DataFile.objects.filter(kind=DataFileKind.LINKS, key=key, year=year, published_at__isnull=False)
    return {(row.from_key, row.from_year): row for row in rows.order_by("version", "pk")}


def stored_links_checksum(key: str, year: int) -> str:
    """The checksum of the newest published links into a form; empty where none are stored. One query."""
    rows = stored_links_into(key, year)
    content = [[*map(str, ends), row.checksum] for ends, row in sorted(rows.items(), key=str)]
    return sha256_hex(canonical_json(content)) if content else ""
