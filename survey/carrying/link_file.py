"""Reading a file of links from one year's form to the next, with all its faults. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from survey.carrying.links import RELATIONS, QuestionLink, YearLinks
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml

LINK_KEYS: Final = frozenset({"from", "to", "relation", "comparable", "items", "options", "note"})


def read_link_header(text: str) -> tuple[tuple[str, int], tuple[str, int]]:
    """The keys and years of the linked instruments, from a file's text. Raises SourceError."""
    data = read_yaml(text)
    try:
        return (
            (str(data["from"]["instrument"]), int(data["from"]["year"])),
            (str(data["to"]["instrument"]), int(data["to"]["year"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError(f"no from and to with instrument and year: {error}") from error


def parse_links(text: str, old: CompiledInstrument, new: CompiledInstrument) -> tuple[YearLinks | None, list[Fault]]:
    """The links of a file between these two forms, and all its faults; no links if there is any."""
    try:
        ends = read_link_header(text)
        data = read_yaml(text)
    except SourceError as error:
        return None, [Fault(0, "file", str(error))]
    reader = _LinkParser(old, new)
    for (key, year), instrument, name in zip(ends, (old, new), ("from", "to"), strict=True):
        if (key, year) != (instrument.key, instrument.year):
            reader.fault(0, name, f"is {key} {year}, not {instrument.key} {instrument.year}")
    question_links = [*reader.same(data.get("same") or []), *reader.rows(data.get("questions") or [])]
    reader.cross(question_links)
    linked = {q for link in question_links for q in link.new}
    added = tuple(q.id for q in new.questions if q.id not in linked)
    faults = sorted(set(reader.faults))
    return (None if faults else YearLinks(tuple(question_links), added)), faults


class _LinkParser:
    """Parses the rows of a link file and collects the faults."""

    def __init__(self, old: CompiledInstrument, new: CompiledInstrument) -> None:
        self.old, self.new = old, new
        self.questions = {q.id for q in old.questions}, {q.id for q in new.questions}
        self.faults: list[Fault] = []

    def fault(self, line: int, where: str, message: str) -> None:
        """Adds a fault."""
        self.faults.append(Fault(line, where, message))

    def same(self, given: Any) -> Iterator[QuestionLink]:
        """Questions of which nothing changed."""
        for name in _name_list(given):
            if self.known(0, "same", [name], 0) and self.known(0, "same", [name], 1):
                yield QuestionLink((name,), (name,), "same")

    def rows(self, given: Any) -> Iterator[QuestionLink]:
        """The other questions, row by row."""
        for row in given if isinstance(given, list) else ():
            if not isinstance(row, SourceNode):
                self.fault(0, "questions", f"{row!r} is no mapping")
                continue
            link = self.row(row)
            if link is not None:
                yield link

    def row(self, row: SourceNode) -> QuestionLink | None:
        """The link of one row, or None when it is faulty."""
        where = str(row.get("from") or row.get("to") or "?")
        old, new = tuple(_name_list(row.get("from"))), tuple(_name_list(row.get("to")))
        relation = row.get("relation")
        for extra in row.keys() - LINK_KEYS:
            self.fault(row.line, where, f"{extra!r} is not known here")
        if relation not in RELATIONS:
            self.fault(row.line, where, f"relation {relation!r} is none of {', '.join(RELATIONS)}")
            return None
        if problem := _count_problem(relation, len(old), len(new)):
            self.fault(row.line, where, problem)
            return None
        if not (self.known(row.line, where, old, 0) & self.known(row.line, where, new, 1)):
            return None
        return QuestionLink(
            old,
            new,
            relation,
            comparable=row.get("comparable", relation != "dropped") is True,
            items=dict(self.items(row, where, old, new)),
            options=dict(self.options(row, where, old)),
        )

    def known(self, line: int, where: str, names: Sequence[str], side: int) -> bool:
        """Whether the names are questions of that form."""
        unknown = [n for n in names if n not in self.questions[side]]
        for name in unknown:
            self.fault(line, where, f"{name!r} is no question of the {('old', 'new')[side]} form")
        return not unknown

    def items(self, row: SourceNode, where: str, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Renamed addresses, both ends inside the linked questions."""
        for before, after in _as_mapping(row.get("items")).items():
            for address, form, questions, name in (
                (before, self.old, old, "old"),
                (str(after), self.new, new, "new"),
            ):
                item = form.items.get(item_id_of(address))
                if item is None or item.question not in questions:
                    self.fault(row.line, where, f"{address!r} is no part of these questions in the {name} form")
                    break
            else:
                yield before, str(after)

    def options(self, row: SourceNode, where: str, old: Sequence[str]) -> Iterator[tuple[str, dict[str, str | None]]]:
        """Option maps by old address; the old keys must be there, the new ones are checked when answers come."""
        for address, given in _as_mapping(row.get("options")).items():
            item = self.old.items.get(item_id_of(address))
            if item is None or item.question not in old:
                self.fault(row.line, where, f"options of {address!r}, which is no part of these questions")
                continue
            keys = {o.key for o in item.options} | {o.key for c in item.columns for o in c.options}
            picked = {str(k): None if v is None else str(v) for k, v in _as_mapping(given).items()}
            for unknown in picked.keys() - keys:
                self.fault(row.line, where, f"{address!r} has no option {unknown!r}")
            yield address, picked

    def cross(self, links: Sequence[QuestionLink]) -> None:
        """Checks that every old question is named exactly once."""
        times_named: dict[str, int] = {}
        for link in links:
            for name in link.old:
                times_named[name] = times_named.get(name, 0) + 1
        for question in self.old.questions:
            times = times_named.get(question.id, 0)
            if times == 0:
                self.fault(0, question.id, "nothing is said of this question of the old form")
            elif times > 1:
                self.fault(0, question.id, "is said more than once")


def _count_problem(relation: str, old: int, new: int) -> str:
    """The message when a relation links a wrong number of questions; empty when it is right."""
    wanted = {"dropped": (old == 1 and new == 0), "split": (old == 1 and new > 1), "merged": (old > 1 and new == 1)}
    if not wanted.get(relation, old == 1 and new == 1):
        return f"{relation!r} does not join {old} question(s) with {new}"
    return ""


def _name_list(given: Any) -> list[str]:
    if given is None:
        return []
    return [str(g) for g in given] if isinstance(given, list) else [str(given)]


def _as_mapping(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}
