"""The walls of the house, read from the imports: who may know whom.

Inside an app: pure ← models ← queries, actions ← forms ← views, tasks, commands.
Between apps, models: accounts ← survey ← evidence ← scoring ← nation ← reports; the frame knows none of them, and none
knows the demonstration. Between the rooms of an app, logic looks down only (docs/house.md says why in this order).
"""

import ast
import re
import tomllib
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.sources import read_source

ROOT = Path(__file__).resolve().parents[1]
APPS = ("accounts", "survey", "evidence", "scoring", "nation", "reports")  # a model knows only those before it
FRAME, DEMO = "dgready", "demo"
HOUSE = (FRAME, *APPS, DEMO)

ROOMS = {  # lower ones first
    "survey": (
        "guides",
        "instrument",
        "linking",
        "publishing",
        "journal",
        "notices",
        "assigning",
        "answering",
        "threads",
        "workflow",
        "consolidating",
        "contributing",
        "entry",
        "committee",
        "approval",
        "rounds",
        "carrying",
        "first_page",
        "verifying",
    ),
    "evidence": (
        "files",
        "store",
        "places",
        "events",
        "scanning",
        "reading",
        "renditions",
        "library",
        "checking",
        "attaching",
        "viewing",
        "placing",
        "reviewing",
        "following",
        "uploading",
        "verifying",
    ),
    "scoring": (
        "scheme",
        "engine",
        "externals",
        "results",
        "kpi",
        "uncertainty",
        "comparing",
        "national",
        "planning",
        "headline",
        "moving",
        "verifying",
    ),
    "nation": ("facts", "figures", "agency_rounds", "reasons", "national", "releases", "replies", "desk", "bulk"),
    "reports": (
        "signing",
        "content",
        "documents",
        "workbooks",
        "open_data",
        "enclosures",
        "system",
        "handover",
        "offline_form",
        "letters",
        "proof",
        "journal",
        "jobs",
        "backup",
        "api",
    ),
}
# What is of an app as a whole: it may know any of its rooms.
WHOLE = {"access", "apps", "context", "errors", "models", "migrations", "management", "tasks", "templatetags", "urls"}

TOP = {
    "views",
    "urls",
    "tasks",
    "management",
    "templatetags",
    "context",
    "middleware",
    "wsgi",
    "health",
    "cached_layout",
}
# (tasks, what they import of a higher app) → why.
TASKS_LOOKING_UP: dict[tuple[str, str], str] = {}
FOREIGN_TO_PURE = ("django", "celery", "crispy_forms", "psycopg2", "redis", "storages", "boto3")


def under(module: str, packages: tuple[str, ...]) -> bool:
    """Whether the module is one of the packages or lies inside one."""
    return any(module == package or module.startswith(package + ".") for package in packages)


@cache
def files() -> dict[str, Path]:
    """Module name → file, of everything in the house."""
    found = {}
    for app in HOUSE:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" not in parts:
                found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _absolute(node: ast.ImportFrom, module: str, path: Path) -> str:
    if not node.level:
        return node.module or ""
    base = module.split(".")
    drop = node.level - (path.name == "__init__.py")
    return ".".join([*base[: len(base) - drop], *([node.module] if node.module else [])])


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports, also inside functions, as precisely as the house has files for it."""
    path, found = files()[module], set()
    for node in read_source(path).running:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        else:
            base = _absolute(node, module, path)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in files() else base)
    return frozenset(found)


def layer(module: str) -> int:
    """0 pure · 1 models · 2 queries, actions and what they share · 3 forms · 4 views, tasks, commands."""
    parts = set(module.split(".")[1:])
    if declared_pure(module):
        return 0
    if "models" in parts:
        return 1
    if parts & TOP:
        return 4
    return 3 if "forms" in parts else 2


def app_rank(module: str) -> int:
    """Place of the module's app in the direction of models; the frame is below all."""
    name = module.split(".")[0]
    return APPS.index(name) if name in APPS else -1


def inside(module: str) -> list[str]:
    """What a module imports from the house."""
    return sorted(name for name in imports(module) if name in files())


@cache
def reaches(module: str) -> frozenset[str]:
    """Everything a module imports, directly or through others of the house."""
    found, waiting = set(imports(module)), inside(module)
    while waiting:
        name = waiting.pop()
        new = imports(name) - found
        found |= new
        waiting += [n for n in new if n in files()]
    return frozenset(found)


def is_pure(module: str) -> bool:
    """Whether a module in fact reaches neither Django, nor a service, nor a model."""
    return not any(under(name, FOREIGN_TO_PURE) or (name in files() and layer(name) == 1) for name in reaches(module))


def declared_pure(module: str) -> bool:
    """Whether the module says PURE in its first words."""
    return "PURE" in read_source(files()[module]).words


def room_of(module: str) -> str:
    """The room a module lies in; empty for what is of its app as a whole, or in an app without rooms."""
    parts = module.split(".")
    return parts[1] if parts[0] in ROOMS and len(parts) > 1 and parts[1] not in WHOLE else ""


def test_pure_modules_know_neither_django_nor_models() -> None:
    declared = [module for module in files() if declared_pure(module)]
    assert declared
    assert [module for module in declared if not is_pure(module)] == []


def test_layers_look_down_only() -> None:
    """Models know no query, queries and actions no form or view, forms no view."""
    names = {1: "model", 2: "query or action", 3: "form"}
    faults = [
        f"{module} ({names[layer(module)]}) imports {name}"
        for module in files()
        if layer(module) in names
        for name in inside(module)
        if layer(name) > layer(module) and not _is_vocabulary(name)
    ]
    assert faults == []


def test_tasks_know_no_higher_app() -> None:
    """A task is queued by its own app; what proves or prints the whole belongs to the app that does."""
    found = {
        (module, name)
        for module in files()
        if module.split(".")[1:2] == ["tasks"]
        for name in inside(module)
        if app_rank(name) > app_rank(module) or name.split(".")[0] == DEMO
    }
    assert found == set(TASKS_LOOKING_UP)


def _is_vocabulary(module: str) -> bool:
    """Pure helpers, and small modules of names (roles, words) that know nothing of the house but what is pure."""
    return layer(module) == 2 and (is_pure(module) or all(map(is_pure, inside(module))))


def test_models_follow_the_direction_of_apps() -> None:
    faults = [
        f"{module} imports {name}"
        for module in files()
        if layer(module) == 1
        for name in inside(module)
        if app_rank(name) > app_rank(module)
    ]
    assert faults == []


def test_no_circle_of_files() -> None:
    graph = {module: set(inside(module)) - {module} for module in files()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as fault:
        pytest.fail("circle: " + " → ".join(fault.args[1]))


# However a year may be written: with underscores, to another base, by escapes. Most files have none and are not parsed.
YEAR_LIKE = re.compile(r"2_?[056]_?\d_?\d|0[xob]|\\[xuUN0-7]", re.IGNORECASE)


def test_no_year_is_named_in_code() -> None:
    """A year is data: no Python compares with one or asks for one by number."""
    faults = []
    for module, path in files().items():
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if YEAR_LIKE.search(text) else ():
            for value in _compared(node):
                if isinstance(value, ast.Constant) and _is_year(value.value):
                    faults.append(f"{module}:{value.lineno} {value.value!r}")
    assert faults == []


def _compared(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.MatchValue):
        return [node.value]
    if isinstance(node, ast.Subscript):
        return [node.slice]
    return []


def _is_year(value: object) -> bool:
    return str(value).isdigit() and (2540 <= int(str(value)) <= 2600 or 2010 <= int(str(value)) <= 2040)


def test_every_room_has_its_place_in_the_order() -> None:
    found = {(module.split(".")[0], room_of(module)) for module in files() if room_of(module)}
    assert found == {(app, room) for app, rooms in ROOMS.items() for room in rooms}


def test_logic_of_a_room_knows_only_rooms_below() -> None:
    faults = []
    for module in files():
        app, room = module.split(".")[0], room_of(module)
        if not room or layer(module) == 4:  # a page may read any room
            continue
        order = ROOMS[app]
        for name in inside(module):
            other = room_of(name) if name.split(".")[0] == app else ""
            if other and order.index(other) > order.index(room):
                faults.append(f"{module} imports {name}")
    assert faults == []


def test_the_frame_knows_no_app() -> None:
    faults = [f"{m} imports {n}" for m in files() if m.split(".")[0] == FRAME for n in inside(m) if _app(n) != FRAME]
    assert faults == []


def test_nothing_uses_the_demonstration() -> None:
    faults = [f"{m} imports {n}" for m in files() if _app(m) != DEMO for n in inside(m) if _app(n) == DEMO]
    assert faults == []


def _app(module: str) -> str:
    return module.split(".")[0]


def test_pure_modules_are_checked_strictly() -> None:
    """pyproject.toml lists the modules that mypy checks strictly: those that say PURE, and no others."""
    overrides = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["overrides"]
    strict = next(row["module"] for row in overrides if row.get("warn_return_any"))
    pure = {module for module in files() if declared_pure(module)}
    assert set(strict) == pure
