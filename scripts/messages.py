#!/usr/bin/env python3
"""Collect the texts marked for translation and bring locale/en up to date; needs no gettext programs.

    .venv/bin/python scripts/messages.py

New texts come with an empty translation, texts no longer used go. Prints what is still to be translated.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dgready.settings")

import django  # noqa: E402
import polib  # noqa: E402
from django.template import Node, Template, engines  # noqa: E402
from django.templatetags.i18n import BlockTranslateNode, TranslateNode  # noqa: E402

CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = ("dgready", "accounts", "survey", "evidence", "scoring", "nation", "reports", "demo")
TRANSLATION = "django.utils.translation"
LITERAL = re.compile(r"""_\((?:"([^"]+)"|'([^']+)')\)""")  # in the arguments of a template tag
HEADER = """English for every text of the interface; Thai is the source. Brought up to date by scripts/messages.py."""
METADATA = {
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


@dataclass(frozen=True, order=True)
class MarkedText:
    """A text marked for translation. `plural`: its second form if it counts something; `place`: its file."""

    text: str
    context: str | None = None
    plural: str | None = None
    place: str = ""


# -- Python -----------------------------------------------------------------------------------------


def _marking_functions(tree: ast.Module) -> dict[str, str]:
    """The local names of Django's gettext functions: local name → function."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TRANSLATION:
            names |= {a.asname or a.name: a.name.removesuffix("_lazy").removesuffix("_noop") for a in node.names}
    return names


def _literals(call: ast.Call) -> list[str | None]:
    return [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in call.args]


def texts_in_python(path: Path) -> Iterator[MarkedText]:
    """The texts a module marks."""
    tree, place = ast.parse(path.read_text(encoding="utf-8")), path.relative_to(ROOT).as_posix()
    names = _marking_functions(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        kind = names.get(called, called if isinstance(node.func, ast.Attribute) else "")
        given = _literals(node)
        if kind == "gettext" and given[0]:
            yield MarkedText(given[0], place=place)
        elif kind == "ngettext" and given[0]:
            yield MarkedText(given[0], plural=given[1], place=place)
        elif kind == "pgettext" and given[1]:
            yield MarkedText(given[1], context=given[0], place=place)
        elif kind == "npgettext" and given[1]:
            yield MarkedText(given[1], context=given[0], plural=given[2], place=place)


# -- templates --------------------------------------------------------------------------------------


def _nodes(node: Node | Template) -> Iterator[Node]:
    for name in getattr(node, "child_nodelists", ("nodelist",)):
        for child in getattr(node, name, None) or ():
            yield child
            yield from _nodes(child)
    for _condition, inner in getattr(node, "conditions_nodelists", ()):
        for child in inner:
            yield child
            yield from _nodes(child)


def texts_in_template(path: Path) -> Iterator[MarkedText]:
    """The texts a template marks."""
    source, place = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
    seen: set[int] = set()
    for node in _nodes(engines["django"].from_string(source).template):
        if id(node) in seen:
            continue
        seen.add(id(node))
        context = getattr(node, "message_context", None)
        context_text = None if context is None else str(context.resolve({}))
        if isinstance(node, BlockTranslateNode):
            text = node.render_token_list(node.singular)[0]
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            trim = (lambda t: " ".join(s.strip() for s in t.strip().splitlines())) if node.trimmed else str
            yield MarkedText(trim(text), context_text, trim(plural) if plural else None, place)
        elif isinstance(node, TranslateNode):
            literal = getattr(node.filter_expression.var, "literal", node.filter_expression.var)
            if isinstance(literal, str):
                yield MarkedText(_doubled(literal), context_text, place=place)
    yield from (MarkedText(_doubled(a or b), place=place) for a, b in LITERAL.findall(source))


def _doubled(text: str) -> str:
    """A text as a template looks it up: with its per cent signs doubled, unlike one in Python."""
    return text.replace("%", "%%")


# -- all --------------------------------------------------------------------------------------------


def collect_texts() -> list[MarkedText]:
    """Every marked text once, in a stable order; one with a plural wins over the same without."""
    files = [p for app in APPS for p in sorted((ROOT / app).rglob("*.py")) if "migrations" not in p.parts]
    pages = [p for kind in ("html", "txt") for p in sorted((ROOT / "templates").rglob(f"*.{kind}"))]
    texts: dict[tuple[str | None, str], MarkedText] = {}
    for message in [*(m for p in files for m in texts_in_python(p)), *(m for p in pages for m in texts_in_template(p))]:
        key = (message.context, message.text)
        if key not in texts or (message.plural and not texts[key].plural):
            texts[key] = message
    return sorted(texts.values(), key=lambda m: (m.text, m.context or ""))


def _entry(message: MarkedText, old: polib.POEntry | None) -> polib.POEntry:
    plural = {"msgid_plural": message.plural} if message.plural else {}
    entry = polib.POEntry(msgctxt=message.context, msgid=message.text, **plural)
    if message.plural:
        entry.msgstr_plural = dict(old.msgstr_plural) if old and old.msgstr_plural else {0: "", 1: ""}
    elif old:
        entry.msgstr = old.msgstr
    if old:
        entry.tcomment = old.tcomment
    if re.search(r"%(\(\w+\))?[sd]", message.text):
        entry.flags.append("python-format")
    return entry


def update_catalogue(path: Path = CATALOGUE) -> polib.POFile:
    """The catalogue with exactly the marked texts, old translations kept, written to `path`."""
    before = polib.pofile(str(path)) if path.exists() else polib.POFile()
    old = {(e.msgctxt, e.msgid): e for e in before if not e.obsolete}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.header, catalogue.metadata = HEADER, METADATA
    catalogue.extend(_entry(m, old.get((m.context, m.text))) for m in collect_texts())
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))
    return catalogue


def main() -> int:
    """Bring up to date and say what is missing; exit code 1 when something is."""
    django.setup()
    catalogue = update_catalogue()
    missing = catalogue.untranslated_entries()
    for entry in missing:
        print(entry.msgid)
    print(f"{len(catalogue)} texts, {len(missing)} without English", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
