"""A fitted scheme as the smallest change of its file: comments, order and anchors stay, only numbers change. PURE."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from scoring.results.fitting.types import Adjustment
from scoring.results.fitting.yaml_places import Place, apply_edits, copy_text, read_places

ORIGIN = "estimated"
Edits = dict[tuple[int, int], str]
Changes = Mapping[str, Mapping[str, Decimal]]  # by step or option, what of it changes


def write_fitted_scheme(text: str, moves: Sequence[Adjustment], source_th: str, source_en: str) -> str:
    """The scheme's file one version on; every changed number is `estimated` and names what it is fitted to."""
    root = read_places(text)
    version = _needed(root, "version")
    number = int(version.text) + 1
    edits: Edits = {(version.start, version.end): str(number)}
    said = f"{{th: {_quoted(source_th)}, en: {_quoted(source_en)}}}"
    reference = _add_text(text, root, f"fitted_v{number}", said, edits) or said
    writer = _Writer(text, root, reference, edits)
    sub_pillars = _needed(root, "sub_pillars")
    for code, sub in sub_pillars.pairs():
        own = [move for move in moves if move.sub_pillar == code]
        for move in own:
            if move.part == "weight":
                writer.change_weight(_needed(sub, "weight"), move.new)
        for criterion in _walk_criteria(sub):
            changes = _changes_of(_needed(criterion, "id").text, own)
            if changes:
                field = criterion.get("steps") or _needed(criterion, "points")
                writer.change_points(field, changes)
    writer.keep_aliases()
    head = f"# Version {number}: unpublished numbers fitted to official results, to be reviewed. {source_en}\n"
    return head + apply_edits(text, edits)


class _Writer:
    """Collects the edits; a value that others share is written out where it changes."""

    def __init__(self, text: str, root: Place, reference: str, edits: Edits) -> None:
        self.text, self.reference, self.edits = text, reference, edits
        self.aliases = [place for place in root.walk() if place.target is not None]
        self.changed: list[Place] = []

    def change_weight(self, place: Place, value: Decimal) -> None:
        """`weight: {value, from, source}`."""
        with_edits: Edits = {}
        self._change_number(place.meant, value, with_edits)
        self._store(place, with_edits)

    def change_points(self, place: Place, changes: Changes) -> None:
        """`steps: [[from, points, origin, source], …]` or `points: {option: [points, origin, source]}`."""
        whole, with_edits = place.meant, Edits()
        named = dict(zip((key.text for key in whole.keys), whole.items, strict=True)) if whole.keys else None
        for key, change in changes.items():
            row = named[key] if named is not None else whole.items[int(key)]
            cells = row.items
            skipped = 0 if named is not None else 1
            if "edge" in change:
                with_edits[cells[0].start, cells[0].end] = _format(change["edge"])
            if "points" in change:
                with_edits[cells[skipped].start, cells[skipped].end] = _format(change["points"])
            self._name_origin(row, cells[skipped + 1], cells[skipped + 2 : skipped + 3], with_edits, "")
        self._store(place, with_edits)

    def keep_aliases(self) -> None:
        """Whatever else shared a value that was changed keeps it as it was."""
        for alias in self.aliases:
            if alias.target in self.changed and (alias.start, alias.end) not in self.edits and alias.target is not None:
                self.edits[alias.start, alias.end] = copy_text(self.text, alias.target)[1]

    def _change_number(self, row: Place, value: Decimal, edits: Edits) -> None:
        number, origin, source = _needed(row, "value"), _needed(row, "from"), row.get("source")
        edits[number.start, number.end] = _format(value)
        self._name_origin(row, origin, [source] if source else [], edits, "source: ")

    def _name_origin(self, row: Place, origin: Place, source: Sequence[Place], edits: Edits, key: str) -> None:
        edits[origin.start, origin.end] = ORIGIN
        if source:
            edits[source[0].start, source[0].end] = self.reference
            return
        indent = row.keys[0].column if row.keys else row.items[0].column - 2
        lead = ", " if row.flow else "\n" + " " * indent + ("" if key else "- ")
        edits[origin.start, origin.end] += lead + key + self.reference

    def _store(self, place: Place, edits: Edits) -> None:
        """The edits in place; of an alias, its value written out with them."""
        if place.target is None:
            self.edits.update(edits)
            self.changed.append(place)
            return
        begin, copied = copy_text(self.text, place.target)
        moved = {(start - begin, end - begin): new for (start, end), new in edits.items()}
        self.edits[place.start, place.end] = apply_edits(copied, moved)


def _changes_of(ident: str, moves: Iterable[Adjustment]) -> dict[str, dict[str, Decimal]]:
    changes: dict[str, dict[str, Decimal]] = {}
    for move in moves:
        if move.criterion == ident:
            changes.setdefault(move.key, {})[move.part] = move.new
    return changes


def _walk_criteria(sub: Place) -> Iterator[Place]:
    criteria, parts = sub.get("criteria"), sub.get("parts")
    if criteria is not None:
        yield from (one.meant for one in criteria.meant.items)
    if parts is not None:
        for _code, part in parts.pairs():
            yield from _walk_criteria(part)


def _add_text(text: str, root: Place, name: str, said: str, edits: Edits) -> str:
    """A line among the texts that the changed numbers point at; nothing where the file keeps no such list."""
    texts, scored = root.get("texts"), _needed(root, "sub_pillars")
    if texts is None or texts.flow or not texts.items or texts.start > scored.start:
        return ""
    line = text.rindex("\n", 0, texts.items[0].start) + 1
    dash = text[line : texts.items[0].start].find("-")
    if dash < 0:
        return ""
    edits[line, line] = f"{' ' * dash}- &{name} {said}\n"
    return f"*{name}"


def _needed(place: Place, key: str) -> Place:
    found = place.get(key)
    if found is None:
        raise ValueError(f"the scheme has no {key}")
    return found


def _format(value: Decimal) -> str:
    return str(int(value)) if value == value.to_integral_value() else f"{value:f}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
