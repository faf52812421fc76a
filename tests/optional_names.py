"""Names that a template asks for and a page may leave out: all others have to be given, or something is never shown.

`{% if unread_only %}` was asked of a view that gave `only`, and Django shows a name that nobody gives as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from unittest.mock import patch

from django.template.base import Variable
from django.template.context import BaseContext

OPTIONAL: Final = frozenset(
    [
        # What was refused, found or said of what was sent: only where something was.
        *("clashed", "faults", "field", "keep", "looked", "notice", "outcome", "problem", "problems", "refusal"),
        *("refusals", "refused", "report", "sent", "sentence", "signed", "withheld"),
        # What an included template may be given, by `with` or by a page that has it.
        *(
            "fragment",
            "ids",
            "links",
            "only",
            "options",
            "overview",
            "places",
            "print",
            "province",
            "query",
            "question",
        ),
        *("uneven", "whole", "with_source"),
        # Steps of a trail and the place in the header: of pages that lie deeper.
        *("back", "back_to_person", "below", "deeper", "inside", "is_front", "item_url", "person", "place"),
        *("section_href", "up"),
        # What exists in some states or for some readers alone.
        *("address", "agency", "agency_year", "everybody", "form", "pillars", "plan", "scheme", "submission", "url"),
        *("untouched", "what"),
    ]
)
_FOREIGN: Final = "bootstrap5/"  # templates of a library, which ask for options as they like
_resolve_lookup: Final[Any] = Variable._resolve_lookup  # type: ignore[attr-defined]


@contextmanager
def noting_missing_names() -> Iterator[set[str]]:
    """Notes each name that a template asks for in vain and that is not OPTIONAL, with the page it is missing on."""
    found: set[str] = set()

    def note(variable: Any, context: Any) -> Any:
        name = variable.lookups[0]
        if name not in OPTIONAL and isinstance(context, BaseContext) and name not in context:
            asking = getattr(getattr(context, "render_context", None), "template", None)
            if not str(getattr(asking, "name", "")).startswith(_FOREIGN):
                found.add(f"{name} ({getattr(getattr(context, 'template', None), 'name', '')})")
        return _resolve_lookup(variable, context)

    with patch.object(Variable, "_resolve_lookup", note):
        yield found
