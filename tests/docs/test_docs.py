"""The documents agree with the tree: links, pictures, commands, variables, the words of both file formats."""

from __future__ import annotations

import argparse
import ast
import re
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
import yaml
from django.core.management import BaseCommand

from dgready.environment import PRODUCTION_VARIABLES
from dgready.settings import INSTALLED_APPS
from scoring.kpi.load import GROUP_KEYS, GROUPING_KEYS, PART_KEYS
from scoring.kpi.load import TOP_KEYS as KPI_KEYS
from scoring.kpi.types import CONDITION_KINDS, TARGET_ORDER
from scoring.scheme.load import COMBINE_RULES, NOT_COUNTED_KEYS, PILLAR_KEYS, RESPONDENT_RULES, SUB_KEYS
from scoring.scheme.load import TOP_KEYS as SCHEME_KEYS
from scoring.scheme.load_criteria import CRITERION_KEYS
from scoring.scheme.load_extensions import EVIDENCE_WORK, ITEM_WORK, READING_KEYS, READING_STEPS, WORK_KEYS
from scoring.scheme.load_levels import BAND_KEYS, INDEX_RULES, LEVEL_KEYS, ROUNDING_RULES
from scoring.scheme.load_measures import COMMON_KEYS, EVIDENCE_RULES, OPERATORS
from scoring.scheme.reader import FIGURE_KEYS, ORIGINS, RULE_KEYS, TEXT_KEYS
from survey.instrument import conditions as rules
from survey.instrument.check import check_instrument
from survey.instrument.item_builder import ITEM_KEYS, OPTION_KEYS
from survey.instrument.schema import ItemKind

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
TRANSLATIONS = sorted((ROOT / "docs" / "en").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS, *TRANSLATIONS, *sorted((ROOT / "fixtures").rglob("*.md"))]
PICTURES = sorted((ROOT / "docs" / "img").glob("*.*"))
LARGEST = 150_000  # bytes of a picture
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


def read(name: str) -> str:
    """A page under docs/."""
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """A page without its code blocks."""
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return "\n".join(line for line in text.splitlines() if not line.startswith("    "))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as the usual renderers make them."""
    found = re.findall(r"^#{1,6} (.+)$", prose(path), re.MULTILINE)
    kept = ("".join(c for c in h.lower() if c in "-_ " or unicodedata.category(c)[0] in "LMN") for h in found)
    return {text.strip().replace(" ", "-") for text in kept}


def links(path: Path) -> Iterator[tuple[str, str]]:
    """Target and anchor of every link and picture within the tree."""
    for match in LINK.finditer(prose(path)):
        target = match[1] or match[2]
        if "://" not in target:
            name, _, anchor = target.partition("#")
            yield name, anchor


def name_of(path: Path) -> str:
    """How a page is called in the list of tests."""
    return path.relative_to(ROOT).as_posix()


# -- links and pictures -----------------------------------------------------------------------------


@pytest.mark.parametrize("document", PAGES, ids=name_of)
def test_links_lead_somewhere(document: Path) -> None:
    for name, anchor in links(document):
        target = (document.parent / name).resolve() if name else document
        assert target.exists(), name
        assert not anchor or anchor in anchors(target), f"{name}#{anchor}"


def test_every_page_is_in_the_index() -> None:
    listed = {name for name, _ in links(ROOT / "docs" / "index.md")}
    assert {page.name for page in DOCS} - {"index.md"} <= listed
    assert {f"en/{page.name}" for page in TRANSLATIONS} <= listed


def test_every_picture_is_shown_small_and_can_be_taken_again() -> None:
    shown = {name for page in PAGES for name, _ in links(page) if name.endswith((".png", ".svg"))}
    assert {Path(name).name for name in shown} == {picture.name for picture in PICTURES}
    assert all(picture.stat().st_size < LARGEST for picture in PICTURES)
    tree = ast.parse((ROOT / "scripts" / "doc_shots.py").read_text(encoding="utf-8"))
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "Screenshot"]
    taken = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert taken == {picture.stem for picture in PICTURES if picture.suffix == ".png"}


# -- commands ---------------------------------------------------------------------------------------


def our_commands() -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Name, verb (or nothing) and parser of every management command of ours."""
    for app in INSTALLED_APPS:
        for path in sorted((ROOT / app / "management" / "commands").glob("[!_]*.py")):
            made: BaseCommand = import_module(f"{app}.management.commands.{path.stem}").Command()
            parser = made.create_parser("manage.py", path.stem)
            verbs = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
            if not verbs:
                yield path.stem, "", parser
            for action in verbs:
                yield from ((path.stem, verb, one) for verb, one in action.choices.items())


def own_options(parser: argparse.ArgumentParser) -> set[str]:
    """The options that are not those of every command."""
    usual = {o for a in BaseCommand().create_parser("manage.py", "any")._actions for o in a.option_strings}
    return {o for a in parser._actions for o in a.option_strings if o.startswith("--")} - usual


@pytest.mark.parametrize(
    ("name", "verb", "parser"), list(our_commands()), ids=lambda v: v if isinstance(v, str) else ""
)
def test_every_command_is_documented(name: str, verb: str, parser: argparse.ArgumentParser) -> None:
    parts = re.split(r"^### ", read("commands.md"), flags=re.MULTILINE)
    words = f"manage.py {name} {verb}".strip()
    own = [part for part in parts if part.startswith(f"`{words}`")]
    assert len(own) == 1, f"docs/commands.md has no part “### `{words}`”"
    missing = [option for option in sorted(own_options(parser)) if option not in own[0]]
    assert not missing, f"{words}: {missing}"


def test_no_command_is_documented_that_is_not_there() -> None:
    told = re.findall(r"^### `manage\.py ([a-z_]+) ?([a-z-]*)`", read("commands.md"), re.MULTILINE)
    assert set(told) == {(name, verb) for name, verb, _ in our_commands()}


# -- variables --------------------------------------------------------------------------------------


def asked_variables() -> set[str]:
    """What the settings, the server and the set-up read from the environment."""
    settings = "".join((ROOT / "dgready" / name).read_text() for name in ("settings.py", "sign_in_settings.py"))
    found = set(re.findall(r'env\.\w+\(\s*"([A-Z0-9_]+)"', settings))
    for path in (*(ROOT / "deploy").glob("*.py"), ROOT / "scripts" / "setup.py"):
        found |= set(re.findall(r"""environ\.get\(["']([A-Z0-9_]+)""", path.read_text()))
    return found - {"PATH"}


def in_tables(text: str) -> set[str]:
    """Names in the first column of the tables of a page."""
    rows = re.findall(r"^\| (`[A-Z0-9_]+`(?:, `[A-Z0-9_]+`)*) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}


def test_every_variable_is_documented() -> None:
    assert in_tables(read("settings.md")) == asked_variables()


def test_readme_names_what_production_needs() -> None:
    assert in_tables((ROOT / "README.md").read_text(encoding="utf-8")) == set(PRODUCTION_VARIABLES)


# -- file formats -----------------------------------------------------------------------------------


def told(page: str, words: set[str]) -> set[str]:
    """Those of the words that a page never shows as code."""
    code = "\n".join([*(body for _, body in FENCE.findall(read(page))), *re.findall(r"`([^`\n]+)`", read(page))])
    return {word for word in words if not re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", code)}


def test_every_word_of_the_instrument_format_is_explained() -> None:
    words = {*ITEM_KEYS, *OPTION_KEYS, *get_args(ItemKind), *rules.OPERATORS, "count", "each", "or_url"}
    assert told("instrument.md", words) == set()


def test_every_word_of_the_scheme_format_is_explained() -> None:
    lists = [SCHEME_KEYS, PILLAR_KEYS, SUB_KEYS, CRITERION_KEYS, LEVEL_KEYS, BAND_KEYS, NOT_COUNTED_KEYS]
    lists += [READING_KEYS, READING_STEPS, WORK_KEYS, FIGURE_KEYS, RULE_KEYS]
    words = {word for one in lists for word in one.split()}
    words |= {
        *OPERATORS,
        *COMMON_KEYS,
        *EVIDENCE_RULES,
        *COMBINE_RULES,
        *INDEX_RULES,
        *ROUNDING_RULES,
        *RESPONDENT_RULES,
        *ORIGINS,
        *TEXT_KEYS,
    }
    words |= {key for keys in OPERATORS.values() for key in keys} | {"part", "whole", EVIDENCE_WORK, ITEM_WORK}
    assert told("scheme.md", words) == set()


def test_every_word_of_the_kpi_format_is_explained() -> None:
    words = {word for one in (KPI_KEYS, PART_KEYS, GROUP_KEYS, GROUPING_KEYS) for word in one.split()}
    assert told("scheme.md", words | CONDITION_KINDS | {*TARGET_ORDER, "below", "pillars_at_level"}) == set()


def test_examples_of_the_instrument_format_are_sound() -> None:
    blocks = [yaml.safe_load(body) and body for kind, body in FENCE.findall(read("instrument.md")) if kind == "yaml"]
    whole = [body for body in blocks if body.startswith("instrument:")]
    assert len(whole) == 1
    assert check_instrument(whole[0])[1] == []
