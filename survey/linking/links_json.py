"""A checked file of links as plain data for JSON."""

from __future__ import annotations

from typing import Any

from survey.linking.checking import CheckedLinks


def links_json(file: str, checked: CheckedLinks) -> dict[str, Any]:
    """The faults of a file, and its links where it has none."""
    header, links = checked.header, checked.links
    return {
        "file": file,
        "from": _form_json(header.old) if header else None,
        "to": _form_json(header.new) if header else None,
        "published": header.published if header else None,
        "ok": links is not None,
        "faults": [{"line": f.line, "where": f.where, "message": f.message} for f in checked.faults],
        "links": [
            {"from": list(x.old), "to": list(x.new), "relation": x.relation, "comparable": x.comparable}
            for x in (links.links if links else ())
        ],
        "added": list(links.added) if links else [],
    }


def _form_json(form: tuple[str, int]) -> dict[str, Any]:
    return {"instrument": form[0], "year": form[1]}
