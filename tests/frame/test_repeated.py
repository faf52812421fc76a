"""Pieces of a page filled into a template that was rendered once say what rendering each would say."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from dgready.repeated import RepeatedTemplate

ROW_SLOTS = (
    "url name short region kpi state days progress evidence points left estimate interval level counted official "
    "official_level rank"
).split()
TILE_SLOTS = "place shade url short number name words".split()
FULL: dict[str, Hashable] = {
    "has_round": True,
    "concerns": ("ล่าช้า", "<b>"),
    "has_estimate": True,
    "has_level": True,
    "is_outdated": True,
    "has_official_level": True,
    "is_level_derived": True,
    "with_rank": True,
}


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("template", "names", "flags"),
    [
        ("nation/desk/_tile.html", TILE_SLOTS, {}),
        ("nation/desk/_row.html", ROW_SLOTS, FULL),
        ("nation/desk/_row.html", ROW_SLOTS, {name: () if name == "concerns" else False for name in FULL}),
    ],
)
def test_the_same_as_rendered_plainly(
    template: str, names: list[str], flags: dict[str, Hashable], language: str
) -> None:
    """Twice, with other values: nothing of the first piece stays in the second, and everything is escaped."""
    with translation.override(language):
        repeated = RepeatedTemplate(template)
        for number in (1, 2):
            slots: dict[str, Any] = {name: f"<{name}> & \"'{number}" for name in names}
            assert repeated.render(slots, flags) == render_to_string(template, {**slots, **flags})
