"""The tests of kept pages empty every cache of the product, also those that were made before a freeze."""

from __future__ import annotations

import ast
import gc
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings

from dgready import repeated, stored_files
from dgready.lru_cache import LruCache
from dgready.templatetags import keep
from survey.answering import card_compiler
from tests.kept_pages import PRODUCT, forget

_MODULES: Final = [
    path
    for name in PRODUCT
    for path in sorted((settings.BASE_DIR / name).rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.parametrize("cache", [keep._kept, repeated._kept, stored_files._digests])
def test_what_was_made_before_a_freeze_is_emptied(cache: LruCache[Any]) -> None:
    assert not any(found is cache for found in gc.get_objects()), "nothing froze it: nothing is asked"
    cache.get("key of the test", lambda: ["kept"])
    assert cache.knows("key of the test")
    forget()
    assert not cache.knows("key of the test")


def test_what_functions_worked_out_is_emptied() -> None:
    card_compiler.page_template("nav", "th")
    assert card_compiler.page_template.cache_info().currsize
    forget()
    assert not card_compiler.page_template.cache_info().currsize


def test_every_cache_of_the_product_is_held_by_its_module() -> None:
    made = [place for path in _MODULES for place in _caches_of(path)]
    assert len(made) > 30
    assert not [place for place, is_of_module in made if not is_of_module], "`forget` looks at the names of modules"


def _caches_of(path: Path) -> list[tuple[str, bool]]:
    """Where a module makes a cache, and whether a name of the module holds it."""
    text = path.read_text(encoding="utf-8")
    if LruCache.__name__ not in text:
        return []
    tree = ast.parse(text)
    values = {id(node.value) for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [(f"{path}:{c.lineno}", id(c) in values) for c in calls if ast.unparse(c.func).startswith(LruCache.__name__)]
