"""Single checks of a link file: ends of a relation, addresses, and the codes of published figures. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault
from survey.instrument.values import item_or_column_at
from survey.linking.figure_codes import FigureCodes
from survey.linking.file_lines import FileLines
from survey.linking.links import QuestionLink, SubPillarLink


def count_problem(relation: str, old: int, new: int, *, headings: bool) -> str:
    """The message when a relation links a wrong number of questions; empty when it is right.

    A published code is a heading, under which several questions may be told: with `headings` one may become several.
    """
    wanted = {"dropped": (old == 1 and new == 0), "split": (old == 1 and new > 1), "merged": (old > 1 and new == 1)}
    if not wanted.get(relation, old == 1 and (new >= 1 if headings else new == 1)):
        return f"{relation!r} does not join {old} question(s) with {new}"
    return ""


def is_inside(form: CompiledInstrument, address: str, questions: Sequence[str]) -> bool:
    """Whether an address belongs to these questions of a form."""
    item = form.items.get(item_id_of(address))
    return item is not None and item.question in questions


def is_field(form: CompiledInstrument, address: str, questions: Sequence[str]) -> bool:
    """Whether an address is a field, cell or option of these questions."""
    head, equals, option = address.partition("=")
    owner = item_or_column_at(form, head) if is_inside(form, head, questions) else None
    if owner is None:
        return is_inside(form, head, questions) and not equals and "/" not in head
    rows = {key for key, _row in form.items[item_id_of(head)].answer_rows}
    if "/" in head and head.split("/")[1] not in rows:
        return False
    return not equals or option in owner.by_key


def name_list(given: Any) -> list[str]:
    """One name or a list of names, as a list."""
    if given is None:
        return []
    return [str(g) for g in given] if isinstance(given, list) else [str(given)]


def as_mapping(given: Any) -> Mapping[str, Any]:
    """A mapping of the file, or an empty one."""
    return given if isinstance(given, dict) else {}


def figure_faults(
    figures: FigureCodes,
    named: Mapping[str, Sequence[int]],
    links: Sequence[QuestionLink],
    sub_pillars: Sequence[SubPillarLink],
    lines: FileLines,
) -> Iterator[Fault]:
    """What is wrong against the published figures: each code is linked and nothing else is, `named` on these lines."""
    for name, places in named.items():
        if name not in figures.questions:
            yield Fault(places[0], name, "no published figure has this code")
    for name in figures.questions.keys() - named.keys():
        message = "nothing is said of this code of the published figures"
        yield Fault(lines.keys.get("questions", 0), name, message)
    for link in links:
        known = {option for name in link.old for option in figures.questions.get(name, ())}
        for option in link.figures.keys() - known:
            yield Fault(named[link.old[0]][0], ", ".join(link.old), f"no published figure of {option!r}")
    for code in figures.sub_pillars - {link.old for link in sub_pillars}:
        message = "nothing is said of this code of the published figures"
        yield Fault(lines.keys.get("sub_pillars", 0), f"sub-pillar {code}", message)
