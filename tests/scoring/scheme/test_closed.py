"""The scheme language is closed: nothing unknown passes, and no number without where it comes from."""

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
import yaml

from scoring.scheme.check import check_scheme
from scoring.scheme.load import SchemeBuilder, parse_scheme
from scoring.scheme.reader import ORIGINS
from survey.instrument.source import Fault, SourceNode
from tests.scoring.worlds import text, world

FILES = (
    "fixtures/schemes/dg-province-2568.v3.yaml",
    "fixtures/schemes/dg-province-2568.v2.yaml",
    "fixtures/schemes/dg-province-2568.yaml",
    "fixtures/schemes/dg-province-2567.yaml",
    "fixtures/schemes/dg-province-2566.yaml",
    "fixtures/schemes/eg-province-2559.yaml",
    "tests/instruments/dg-trial-2570-scheme.yaml",
)
FREE = {"texts"}  # anchors for use below; nothing reads it
Path = tuple[str | int, ...]


def nodes(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every mapping and list of a file with the way to it."""
    if isinstance(data, dict | list):
        yield path, data
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        if not path and key in FREE:
            continue
        yield from nodes(value, (*path, key))


def shape(path: Path) -> Path:
    """A way without what is only a name: places of the same kind have the same shape."""
    named = {"pillars", "sub_pillars", "parts", "points", "work", "answers", "earlier"}
    out: list[str | int] = []
    for at, key in enumerate(path):
        plain = isinstance(key, int) or (at > 0 and path[at - 1] in named)
        out.append("*" if plain else key)
    return tuple(out)


def kinds(file: str) -> list[tuple[Path, Path, Any]]:
    """One node of each shape of a file. Nodes are told apart by their keys too: a measure is not a figure."""
    found: dict[Any, tuple[Path, Path, Any]] = {}
    for path, node in nodes(yaml.safe_load(text(file))):
        keys = frozenset(map(str, node)) if isinstance(node, dict) else len(node)
        found.setdefault((shape(path), keys), (shape(path), path, node))
    return list(found.values())


def at(data: Any, path: Path) -> Any:
    for key in path:
        data = data[key]
    return data


def faults(data: Any) -> list[Fault]:
    """The faults of a file's content, without the detour over its text."""
    builder = SchemeBuilder(_lined(data, count(1)))
    builder.build()
    return builder.faults


def _lined(data: Any, lines: Iterator[int]) -> Any:
    """The content as the reader gives it: every mapping knows a line of its own."""
    if isinstance(data, list):
        return [_lined(x, lines) for x in data]
    if not isinstance(data, dict):
        return data
    node = SourceNode()
    node.line = next(lines)
    node.update({str(key): _lined(value, lines) for key, value in data.items()})
    return node


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_an_unknown_key_is_refused_wherever_it_stands(file: str) -> None:
    whole = yaml.safe_load(text(file))
    assert not faults(whole)
    looked = 0
    for _shape, path, node in kinds(file):
        if not isinstance(node, dict):
            continue
        data = copy.deepcopy(whole)
        at(data, path)["zzz"] = 1
        found = faults(data)
        if found or path[-1] != "points":
            assert found, f"{path} took an unknown key"
            assert any(f.line > 0 for f in found) or path[:1] in ((), ("sources",)), (path, found)
        else:
            assert check_scheme(SchemeBuilder(_lined(data, count(1))).build(), world("real")[0])
        looked += 1
    assert looked >= 5


@pytest.mark.parametrize("file", FILES)
def test_no_figure_without_its_origin(file: str) -> None:
    """Take away `from`, or the origin in a short form: each is missed."""
    whole = yaml.safe_load(text(file))
    looked = 0
    for _shape, path, node in kinds(file):
        data = copy.deepcopy(whole)
        mine = at(data, path)
        if isinstance(node, dict) and "from" in node:
            del mine["from"]
        elif isinstance(node, list) and len(node) >= 2 and str(node[-1]) in ORIGINS:
            mine.pop()
        else:
            continue
        assert faults(data), f"{path} needs an origin"
        looked += 1
    assert looked


@pytest.mark.parametrize("file", FILES)
def test_no_origin_without_its_source(file: str) -> None:
    data = yaml.safe_load(text(file))
    used = set(re.findall(r"\b(official|recovered|assumed|estimated)\b", text(file).split("sources:")[1]))
    for origin in sorted(used & set(data["sources"])):
        less = copy.deepcopy(data)
        del less["sources"][origin]
        said = faults(less)
        assert said == [] or any("needs a `source`" in str(f) for f in said)


def test_every_value_of_the_schemes_says_where_it_comes_from() -> None:
    """What the loader made: nothing is there without an origin and a source in both languages."""
    for file in FILES:
        scheme, _faults = parse_scheme(text(file))
        assert scheme is not None
        figures = [p.weight for p in scheme.pillars] + [s.weight for s in scheme.sub_pillars.values() if s.weight]
        for one in scheme.criteria:
            figures += [s.points for s in one.steps] + list(one.points.values())
            figures += [f for f in (one.external, one.share) if f]
        figures += [w.effort for w in scheme.work_kinds.values()]
        rules = [s.rule for s in scheme.sub_pillars.values()]
        if scheme.levels:
            rules += [scheme.levels.index, scheme.levels.rounding]
        if scheme.respondents:
            rules.append(scheme.respondents)
        everything = [*figures, *rules, *scheme.readings, *scheme.not_counted]
        assert all(x.origin and x.source.th for x in everything)
        assert all(isinstance(f.value, Decimal) for f in figures)
