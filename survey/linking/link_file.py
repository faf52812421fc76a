"""Reading a file of links from one year's form to the next, with all its faults (docs/links.md). PURE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, LocalizedText
from survey.instrument.source import Fault, SourceError, SourceNode, read_yaml
from survey.linking.figure_codes import FigureCodes
from survey.linking.file_lines import FileLines, line_in_message, read_file_lines
from survey.linking.link_checks import as_mapping, count_problem, figure_faults, is_field, is_inside, name_list
from survey.linking.links import NO_NOTE, RELATIONS, QuestionLink, SubPillarLink, YearLinks

FILE_KEYS: Final = frozenset({"from", "to", "same", "questions", "sub_pillars", "added"})
LINK_KEYS: Final = frozenset({"from", "to", "relation", "comparable", "items", "options", "figures", "note"})
SUB_PILLAR_KEYS: Final = frozenset({"from", "to", "relation"})
PUBLISHED: Final = "published"


@dataclass(frozen=True, slots=True)
class LinkHeader:
    """Which forms a file links: key and year of each; `published`: the earlier one is known by its figures only."""

    old: tuple[str, int]
    new: tuple[str, int]
    published: bool


def read_link_header(text: str) -> LinkHeader:
    """Which forms a file links. Raises SourceError."""
    data = read_yaml(text)
    try:
        old, new = ((str(data[end]["instrument"]), int(data[end]["year"])) for end in ("from", "to"))
        codes = data["from"].get("codes")
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SourceError(f"no from and to with instrument and year: {error}") from error
    if codes not in (None, PUBLISHED):
        raise SourceError(f"line {data['from'].line}: codes: {codes!r} is not {PUBLISHED!r}")
    return LinkHeader(old, new, codes == PUBLISHED)


def parse_links(
    text: str, old: CompiledInstrument | None, new: CompiledInstrument, figures: FigureCodes | None = None
) -> tuple[YearLinks | None, list[Fault]]:
    """The links of a file between these two forms, and all its faults; no links if there is any.

    Without `old` the earlier side is not checked, save against `figures` where only published figures are known of it.
    """
    try:
        header, data = read_link_header(text), read_yaml(text)
    except SourceError as error:
        return None, [Fault(line_in_message(str(error)), "file", str(error))]
    reader = _LinkParser(None if header.published else old, new, header.published, read_file_lines(text))
    reader.check_header(data, header)
    question_links = [*reader.same(data.get("same")), *reader.rows(data.get("questions"))]
    sub_pillars = tuple(reader.sub_pillar_rows(data.get("sub_pillars")))
    reader.check_named_once()
    if header.published and figures:
        reader.faults += figure_faults(figures, reader.named, question_links, sub_pillars, reader.lines)
    linked = {q for link in question_links for q in link.new}
    added = tuple(reader.added(data.get("added"), linked))
    if not header.published:
        added = tuple(q.id for q in new.questions if q.id not in linked)
    faults = sorted(set(reader.faults))
    year = header.old[1]
    links = YearLinks(tuple(question_links), added, year, header.published, sub_pillars)
    return (None if faults else links), faults


class _LinkParser:
    """Parses the rows of a link file and collects the faults."""

    def __init__(
        self, old: CompiledInstrument | None, new: CompiledInstrument, published: bool, lines: FileLines
    ) -> None:
        self.old, self.new, self.published, self.lines = old, new, published, lines
        self.old_questions = None if old is None else {q.id for q in old.questions if not q.own}
        self.new_questions = {q.id for q in new.questions}
        self.named: dict[str, list[int]] = {}  # old question → the lines that say something of it
        self.faults: list[Fault] = []

    def fault(self, line: int, where: str, message: str) -> None:
        """Adds a fault."""
        self.faults.append(Fault(line, where, message))

    def check_header(self, data: SourceNode, header: LinkHeader) -> None:
        """Checks that the file has known keys and links the forms at hand."""
        for key in data.keys() - FILE_KEYS:
            self.fault(self.lines.keys[key], key, f"{key!r} is not known here")
        for name, (key, year), form in (("from", header.old, self.old), ("to", header.new, self.new)):
            if form is not None and (key, year) != (form.key, form.year):
                self.fault(data[name].line, name, f"is {key} {year}, not {form.key} {form.year}")

    def same(self, given: Any) -> Iterator[QuestionLink]:
        """Questions of which nothing changed."""
        for number, name in enumerate(name_list(given)):
            line = self.lines.entry("same", number)
            if self.known_old(line, "same", [name]) and (new := self.new_ids(line, "same", [name])):
                yield QuestionLink((name,), new, "same")

    def rows(self, given: Any) -> Iterator[QuestionLink]:
        """The other questions, row by row."""
        for row in self.mappings("questions", given):
            if (link := self.row(row)) is not None:
                yield link

    def mappings(self, key: str, given: Any) -> Iterator[SourceNode]:
        """The rows of a list; what is no mapping is a fault."""
        for number, row in enumerate(given if isinstance(given, list) else ()):
            if isinstance(row, SourceNode):
                yield row
            else:
                self.fault(self.lines.entry(key, number), key, f"{row!r} is no mapping")

    def row(self, row: SourceNode) -> QuestionLink | None:
        """The link of one row, or None when it is faulty."""
        where = str(row.get("from") or row.get("to") or "?")
        old, named = tuple(name_list(row.get("from"))), tuple(name_list(row.get("to")))
        known = self.known_old(row.line, where, old)
        if (relation := self.relation(row, where, LINK_KEYS, old, named)) is None:
            return None
        new = self.new_ids(row.line, where, named)
        if not known or new is None:
            return None
        return QuestionLink(
            old,
            new,
            relation,
            comparable=row.get("comparable", relation != "dropped") is True,
            items=dict(self.items(row, where, old, new)),
            options=dict(self.options(row, where, old)),
            figures=dict(self.figures(row, where, new)),
            note=self.note(row, where),
        )

    def relation(
        self, row: SourceNode, where: str, keys: frozenset[str], old: Sequence[str], new: Sequence[str]
    ) -> Any | None:
        """The relation of a row, or None when its keys, relation or number of ends are wrong."""
        for extra in row.keys() - keys:
            self.fault(row.line, where, f"{extra!r} is not known here")
        relation = row.get("relation")
        if relation not in RELATIONS:
            self.fault(row.line, where, f"relation {relation!r} is none of {', '.join(RELATIONS)}")
            return None
        if problem := count_problem(relation, len(old), len(new), headings=self.published):
            self.fault(row.line, where, problem)
            return None
        return relation

    def known_old(self, line: int, where: str, names: Sequence[str]) -> bool:
        """Whether the names are questions of the earlier form, as far as it is known; notes where each is named."""
        for name in names:
            self.named.setdefault(name, []).append(line)
        unknown = [n for n in names if self.old_questions is not None and n not in self.old_questions]
        for name in unknown:
            self.fault(line, where, f"{name!r} is no question of the old form")
        return not unknown

    def new_ids(self, line: int, where: str, names: Sequence[str]) -> tuple[str, ...] | None:
        """The questions of the new form, those of a group for its name; None when a name is neither."""
        ids: list[str] = []
        for name in names:
            item = self.new.items.get(name)
            if name in self.new_questions:
                ids.append(name)
            elif item is not None and item.question is None and item.kind == "group":
                ids += [i.id for i in item.descendants() if i.id in self.new_questions]
            else:
                self.fault(line, where, f"{name!r} is no question of the new form")
                return None
        return tuple(ids)

    def items(self, row: SourceNode, where: str, old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Renamed addresses, both ends inside the linked questions."""
        for before, after in as_mapping(row.get("items")).items():
            ends = ((before, self.old, old, "old"), (str(after), self.new, new, "new"))
            for address, form, questions, name in ends:
                if form is not None and not is_inside(form, address, questions):
                    self.fault(row.line, where, f"{address!r} is no part of these questions in the {name} form")
                    break
            else:
                yield before, str(after)

    def options(self, row: SourceNode, where: str, old: Sequence[str]) -> Iterator[tuple[str, dict[str, str | None]]]:
        """Option maps by old address; the old keys must be there, the new ones are checked when answers come."""
        for address, given in as_mapping(row.get("options")).items():
            picked = {str(k): None if v is None else str(v) for k, v in as_mapping(given).items()}
            if self.old is not None:
                if not is_inside(self.old, address, old):
                    self.fault(row.line, where, f"options of {address!r}, which is no part of these questions")
                    continue
                item = self.old.items[item_id_of(address)]
                keys = {o.key for o in item.options} | {o.key for c in item.columns for o in c.options}
                for unknown in picked.keys() - keys:
                    self.fault(row.line, where, f"{address!r} has no option {unknown!r}")
            yield address, picked

    def figures(self, row: SourceNode, where: str, new: Sequence[str]) -> Iterator[tuple[str, str | None]]:
        """The addresses of the new form that published figures are about."""
        given = as_mapping(row.get("figures"))
        if given and not self.published:
            self.fault(row.line, where, "figures are of a form that is known by published figures only")
        for option, address in given.items():
            if address is not None and not is_field(self.new, str(address), new):
                self.fault(row.line, where, f"{address!r} is no field of these questions in the new form")
            yield str(option), None if address is None else str(address)

    def note(self, row: SourceNode, where: str) -> LocalizedText:
        """What a reader should know of the change."""
        given = row.get("note")
        if given is None:
            return NO_NOTE
        if not isinstance(given, dict) or not given.get("th"):
            self.fault(row.line, where, "note needs {th: …, en: …}")
            return NO_NOTE
        return LocalizedText(str(given["th"]), str(given.get("en") or ""))

    def sub_pillar_rows(self, given: Any) -> Iterator[SubPillarLink]:
        """What became of sub-pillars."""
        for row in self.mappings("sub_pillars", given):
            old, new = name_list(row.get("from")), name_list(row.get("to"))
            where = f"sub-pillar {', '.join(old) or '?'}"
            if self.relation(row, where, SUB_PILLAR_KEYS, old, new) is None:
                continue
            for code in [c for c in new if c not in self.new.sub_pillars]:
                self.fault(row.line, where, f"{code!r} is no sub-pillar of the new form")
            yield from (SubPillarLink(code, tuple(new), row["relation"]) for code in old)

    def added(self, given: Any, linked: Iterable[str]) -> Iterator[str]:
        """Questions that are said to be new: only of a form that is known by its figures, else it follows."""
        for number, name in enumerate(name_list(given)):
            line = self.lines.entry("added", number)
            if not self.published:
                self.fault(line, "added", "is known from the two forms")
            elif name in linked:
                self.fault(line, "added", f"{name!r} is linked, so it is not new")
            yield from self.new_ids(line, "added", [name]) or ()

    def check_named_once(self) -> None:
        """Checks that every old question is named exactly once."""
        for name, lines in self.named.items():
            if len(lines) > 1:
                self.fault(lines[1], name, "is said more than once")
        for name in (self.old_questions or set()) - self.named.keys():
            self.fault(self.lines.keys.get("questions", 0), name, "nothing is said of this question of the old form")
