"""Tests run on what ships: every difference between their settings and the product's has a reason written down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.frame.shipped import (
    PRODUCTION_REASONS,
    RUN_REASONS,
    TEST_REASONS,
    current_settings,
    differences,
    flat,
    read_settings,
    reason_of,
    services,
)
from tests.frame.test_settings import COMPLETE, ROOT

MODULES = ("tests.settings", "tests.year_settings")
INSTRUMENTS = str(ROOT / "tests" / "instruments")
SERVICES = {"DATABASE_URL": "postgres://u:p@127.0.0.1:5432/d", "REDIS_URL": "redis://127.0.0.1:6379/0"}


def check(shipped: Mapping[str, Any], tested: Mapping[str, Any], reasons: Mapping[str, str]) -> set[str]:
    """No difference is without a reason; the reasons that were needed."""
    found = {name: reason_of(name, reasons) for name in differences(shipped, tested)}
    missing = {name: (shipped.get(name), tested.get(name)) for name, reason in found.items() if reason is None}
    assert not missing, f"tests do not run on what ships, and no reason is given: {missing}"
    return {reason for reason in found.values() if reason}


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("given", [{}, SERVICES], ids=["embedded", "services"])
def test_settings_modules_of_tests_are_the_products(module: str, given: dict[str, str], tmp_path: Path) -> None:
    """SCHEME_DIRS is a variable of the product too (docs/settings.md), so it is given to both."""
    shipped = read_settings("dgready.settings", tmp_path, SCHEME_DIRS=INSTRUMENTS, **given)
    tests = {f"DGREADY_TEST_{name}": value for name, value in given.items()}
    tested = read_settings(module, tmp_path, SCHEME_DIRS=INSTRUMENTS, **given, **tests)
    needed = check(shipped, tested, TEST_REASONS)
    if module == "tests.settings" and not given:
        assert needed == set(TEST_REASONS), "a reason that nothing needs any more"


@pytest.mark.django_db
def test_settings_during_a_test_are_the_products() -> None:
    """What fixtures and the test runner change counts as well."""
    shipped = read_settings("dgready.settings", Path(settings.VAR_DIR), SCHEME_DIRS=INSTRUMENTS, **services())
    needed = check(shipped, current_settings(shipped), RUN_REASONS)
    unused = set(RUN_REASONS) - needed - {"DATABASES.default.OPTIONS"}  # SQLite has options of ours
    assert not unused, f"reasons that nothing needs any more: {unused}"


def test_production_differs_from_tests_only_by_its_environment(tmp_path: Path) -> None:
    shipped = read_settings("dgready.settings", tmp_path, SCHEME_DIRS=INSTRUMENTS, **COMPLETE)
    tested = read_settings("tests.settings", tmp_path)
    needed = check(shipped, tested, PRODUCTION_REASONS)
    unused = set(PRODUCTION_REASONS) - needed - set(TEST_REASONS)
    assert not unused, f"reasons that nothing needs any more: {unused}"


def test_the_shell_of_a_developer_changes_no_test(tmp_path: Path) -> None:
    production = {
        **COMPLETE,
        "DGREADY_DEBUG": "1",
        "EMAIL_TIMEOUT": "1",
        "LINK_DIRS": "/nowhere",
        "TRUSTED_PROXIES": "7",
    }
    plain = read_settings("tests.settings", tmp_path)
    assert read_settings("tests.settings", tmp_path, **production) == plain


def test_there_is_no_other_settings_module() -> None:
    """Whoever makes one adds it to MODULES; only the yardstick of the bench has settings that are not the product's."""
    makes = re.compile(r"^\s*from dgready\.settings import \*|^\s*settings\.configure\(", re.MULTILINE)
    files = [path for folder in ("tests", "scripts") for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)) for path in files if makes.search(path.read_text(encoding="utf-8"))}
    assert found == {f"{name.replace('.', '/')}.py" for name in MODULES} | {"tests/bench/bare.py"}


def test_a_difference_without_a_reason_is_seen() -> None:
    shipped = flat({"BACKENDS": ["a"], "STORAGES": {"files": {"BACKEND": "hashed"}}, "SAME": 1})
    tested = flat({"BACKENDS": ["a", "b"], "STORAGES": {"files": {"BACKEND": "plain"}}, "SAME": 1, "MORE": True})
    assert list(differences(shipped, tested)) == ["BACKENDS", "MORE", "STORAGES.files.BACKEND"]
    with pytest.raises(AssertionError, match=r"STORAGES\.files\.BACKEND"):
        check(shipped, tested, {"BACKENDS": "x", "MORE": "x", "STORAGES.other": "x"})
    assert check(shipped, tested, {"BACKENDS": "x", "MORE": "x", "STORAGES": "x"}) == {"BACKENDS", "MORE", "STORAGES"}
