"""What code and settings name of each other is there: a class by its dotted path, a setting by its name."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings, settings
from django.contrib.auth import get_backends
from django.utils.module_loading import import_string

from accounts.backends import BACKEND_PATH
from dgready import settings as shipped
from tests.frame.shipped import read_settings
from tests.frame.test_settings import COMPLETE, ROOT

OURS = ("accounts", "survey", "evidence", "scoring", "nation", "reports", "demo", "dgready")
PATH = re.compile(r"[a-z]\w*(\.[A-Za-z_]\w*)+\Z")

# Named in code, listed in no setting, and why that is right.
NOT_LISTED = {
    "django.db.models.CharField": "the field that dgready.models.NameField is in migrations",
    "django.contrib.staticfiles.views.serve": "a view that runserver adds; accounts.middleware compares names with it",
    "django.views.i18n.set_language": "Django's view behind ours; accounts.middleware compares names with it",
}


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """The product's own modules, without settings and migrations."""
    files = (path for app in OURS for path in sorted((ROOT / app).rglob("*.py")))
    lists = [
        ROOT / "dgready" / name
        for name in ("settings.py", "sign_in_settings.py", "cookie_settings.py", "file_stores.py")
    ]
    kept = [path for path in files if path not in lists and "migrations" not in path.parts]
    return tuple((str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))) for path in kept)


def paths_in_code() -> Iterator[tuple[str, str]]:
    """File and text of every string that has the shape of a dotted path."""
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and PATH.match(node.value):
                yield file, node.value


def named(path: str) -> Any:
    """The class or function a path leads to; None when it leads nowhere or to something else."""
    try:
        target = import_string(path)
    except (ImportError, ValueError):
        return None
    return target if inspect.isclass(target) or inspect.isfunction(target) else None


def strings(value: Any) -> Iterator[str]:
    """Every string inside a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def must_be_listed(path: str) -> bool:
    """A class of anybody's, or a function of somebody else's: what takes part only when the settings list it."""
    target = named(path)
    return inspect.isclass(target) or (target is not None and path.partition(".")[0] not in OURS)


def test_code_names_only_what_settings_list() -> None:
    """Once the view of invitations named a backend that was not listed, and whom it signed in was nobody."""
    listed = set(strings({name: getattr(shipped, name) for name in dir(shipped) if name.isupper()}))
    found = {(file, path) for file, path in paths_in_code() if path not in listed and must_be_listed(path)}
    assert {path for _, path in found} >= set(NOT_LISTED), "an exception that nothing needs any more"
    assert not {(file, path) for file, path in found if path not in NOT_LISTED}


def test_a_backend_that_is_not_listed_would_be_found() -> None:
    assert must_be_listed("django.contrib.auth.backends.ModelBackend")
    assert must_be_listed("django.template.context_processors.debug")
    assert not must_be_listed("accounts.views.sign_in_out.locked_out")
    assert not must_be_listed("response.submit")


@pytest.mark.parametrize("given", [{}, COMPLETE], ids=["embedded", "production"])
def test_whatever_settings_name_is_there(given: dict[str, str], tmp_path: Path) -> None:
    values = read_settings("dgready.settings", tmp_path, **given)
    paths = {text for text in strings(values) if PATH.match(text) and text not in given.values()}
    paths.remove("dgready.wsgi.application")  # to import it starts a worker; tests of whole installations do
    ours = {path for path in paths if find_spec(path.partition(".")[0])}
    assert "accounts.backends.Backend" in ours
    assert not {path for path in ours if not is_there(path)}


def is_there(path: str) -> bool:
    """Whether it is a module, something in one, or the person's model by its label."""
    for look in (import_string, import_module):
        try:
            look(path)
        except ImportError:
            continue
        return True
    return path == settings.AUTH_USER_MODEL


def test_every_setting_that_code_reads_is_in_the_settings() -> None:
    """A name read with a default of its own, or misspelt, would be a setting nobody can find."""
    known = set(dir(shipped)) | set(dir(global_settings))
    assert not {(file, name) for file, name in settings_read() if name not in known}


def settings_read() -> Iterator[tuple[str, str]]:
    """File and name of every setting read as `settings.NAME` or by getattr."""
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and is_settings(node.value) and node.attr.isupper():
                yield file, node.attr
            if isinstance(node, ast.Call) and len(node.args) > 1 and is_settings(node.args[0]):
                name = node.args[1]
                yield file, name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else "?"


def is_settings(node: ast.expr) -> bool:
    """Whether it is the name `settings`."""
    return isinstance(node, ast.Name) and node.id == "settings"


def test_only_one_backend_knows_people_and_sessions_name_it() -> None:
    knowing = [backend for backend in get_backends() if hasattr(backend, "get_user")]
    assert [f"{type(one).__module__}.{type(one).__qualname__}" for one in knowing] == [BACKEND_PATH]
    assert BACKEND_PATH in settings.AUTHENTICATION_BACKENDS
