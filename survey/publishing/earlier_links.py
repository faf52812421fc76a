"""The links that a file of links would take the place of: published before, else those that ship."""

from __future__ import annotations

from dgready.limits import read_text
from survey.instrument.queries import compiled_instrument, newest_instrument
from survey.linking.link_file import LinkHeader, parse_links
from survey.linking.links import YearLinks
from survey.linking.registry import list_link_files
from survey.models import DataFile


def read_links(text: str, header: LinkHeader) -> YearLinks | None:
    """The links of a file into the newest form of its year; None where it does not fit."""
    row = newest_instrument(*header.new)
    return parse_links(text, None, compiled_instrument(row))[0] if row is not None else None


def earlier_links(file: DataFile, header: LinkHeader) -> tuple[str, YearLinks] | None:
    """The links before this file with what they are called; None where there are none."""
    ends = {"key": file.key, "year": file.year, "from_key": file.from_key, "from_year": file.from_year}
    rows = DataFile.objects.filter(kind=file.kind, **ends, published_at__isnull=False, version__lt=file.version)
    if (row := rows.order_by("-version", "-pk").first()) is not None:
        links = read_links(row.text, header)
        return (str(row), links) if links else None
    for path, other in list_link_files():
        if other == header and (links := read_links(read_text(path), header)) is not None:
            return path.name, links
    return None
