"""Reading the parts of a scheme beside its criteria: alternative readings, kinds of work, score bands. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from scoring.scheme.load_levels import LevelRuleReader
from scoring.scheme.reader import SchemeFileReader
from scoring.scheme.sourced import SourcedNumber
from scoring.scheme.types import AlternativeReading, Criterion, ScoreBands, WorkKind
from survey.instrument.schema import LocalizedText
from survey.instrument.source import SourceNode

READING_KEYS = "id name from source steps answers levels"
READING_STEPS = "less more"
BANDS_KEYS = "limits from source"
WORK_KEYS = "name effort say counts"
WORK_COUNTS = ("this_year", "next_year", "in_window")
EVIDENCE_WORK, ITEM_WORK = "evidence", "item"  # kinds of work that every scheme with `work` has
ASK_WORK = "ask"  # asking an agency what nobody answered yet; a file that does not name it has this:
ASKING = WorkKind(
    ASK_WORK,
    LocalizedText("ถามหน่วยงานข้อที่ยังไม่ตอบ", "Ask an agency what is not answered yet"),
    SourcedNumber(
        Decimal(1),
        "assumed",
        LocalizedText(
            "ข้อสมมติของ dgready ถามและรับคำตอบใช้หนึ่งวันทำงาน", "dgready's assumption: asking takes a working day"
        ),
    ),
    LocalizedText(
        "ถามหน่วยงานว่ามีแล้วหรือไม่ พร้อมขอหลักฐาน: {label}", "Ask whether it is there, and for its evidence: {label}"
    ),
)


class ExtensionReader:
    """Reads `readings`, `work` and `score_bands`; faults go to the reader of the file."""

    def __init__(self, reader: SchemeFileReader) -> None:
        self.reader = reader

    def read_readings(self, levels: LevelRuleReader, ids: frozenset[str]) -> tuple[AlternativeReading, ...]:
        """Other ways to read what is not published."""
        nodes = self.reader.read_list(self.reader.data, "readings", "scheme")
        return tuple(self._read_reading(n, levels, ids) for n in nodes)

    def _read_reading(
        self, node: Mapping[str, Any], levels: LevelRuleReader, ids: frozenset[str]
    ) -> AlternativeReading:
        reader, location = self.reader, f"reading {node.get('id')}"
        reader.check_keys(node, READING_KEYS, location)
        origin, source = reader.read_origin(node.get("from"), node.get("source"), node, location)
        kinds = [k for k in ("steps", "answers", "levels") if node.get(k)]
        if not node.get("id") or len(kinds) != 1:
            reader.add_fault(node, location, "a reading has an `id` and one of `steps`, `answers`, `levels`")
        rule = (
            levels.read_level_rule(_with_keys(node["levels"], {"from": origin, "source": node.get("source")}))
            if node.get("levels")
            else None
        )
        return AlternativeReading(
            str(node.get("id") or ""),
            reader.read_text(node, "name", location, needed=True),
            origin,
            source,
            self._read_steps(node, location) if node.get("steps") else None,
            self._read_answers(node, ids, location),
            rule,
        )

    def _read_steps(self, node: Mapping[str, Any], location: str) -> tuple[Decimal, Decimal]:
        value = node["steps"]
        if not isinstance(value, dict) or set(value) != set(READING_STEPS.split()):
            self.reader.add_fault(node, location, "`steps` is {less: points, more: points}")
            return Decimal(0), Decimal(0)
        less, more = (self.reader.read_number(value[k], node, location) for k in ("less", "more"))
        if less < 0 or more < 0:
            self.reader.add_fault(node, location, "`less` and `more` must not be negative")
        return less, more

    def _read_answers(self, node: Mapping[str, Any], ids: frozenset[str], location: str) -> dict[str, tuple[str, ...]]:
        keys_by_criterion = {}
        for ident, keys in self.reader.read_mapping(node, "answers", location, plain=True, needed=False).items():
            if ident not in ids:
                self.reader.add_fault(node, location, f"unknown criterion {ident!r}")
            if not isinstance(keys, list) or not keys:
                self.reader.add_fault(node, location, f"{ident!r} needs a list of answers")
                continue
            keys_by_criterion[str(ident)] = tuple(map(str, keys))
        return keys_by_criterion

    def read_score_bands(self) -> ScoreBands | None:
        """The limits of the bands in which provinces are counted by their score; None where the file has none."""
        reader, node = self.reader, self.reader.data.get("score_bands")
        if node is None:
            return None
        if not isinstance(node, dict) or not isinstance(node.get("limits"), list) or not node["limits"]:
            reader.add_fault(reader.data, "score_bands", "`score_bands` is {limits: [score, …], from: …}")
            return None
        reader.check_keys(node, BANDS_KEYS, "score_bands")
        limits = tuple(reader.read_number(value, node, "score_bands") for value in node["limits"])
        if not all(0 < limit < 100 for limit in limits) or any(a >= b for a, b in pairwise(limits)):
            reader.add_fault(node, "score_bands", "the limits rise, between 0 and 100")
        return ScoreBands(limits, *reader.read_origin(node.get("from"), node.get("source"), node, "score_bands"))

    def read_work_kinds(self, criteria: Sequence[Criterion]) -> dict[str, WorkKind]:
        """Kinds of work by name, with the effort of one piece in whole units."""
        reader = self.reader
        nodes = reader.read_mapping(reader.data, "work", "scheme", needed=False)
        work_kinds = {}
        for kind, node in nodes.items():
            location = f"work {kind}"
            reader.check_keys(node, WORK_KEYS, location)
            effort = reader.read_sourced_number(node.get("effort"), node, location)
            if effort.value != effort.value.to_integral_value() or effort.value < 1:
                reader.add_fault(node, location, "`effort` is a whole number above 0")
            name, say = (reader.read_text(node, key, location, needed=True) for key in ("name", "say"))
            counts = str(node.get("counts") or "")
            if counts and counts not in WORK_COUNTS:
                reader.add_fault(node, location, f"`counts` is one of {', '.join(WORK_COUNTS)}")
            work_kinds[str(kind)] = WorkKind(str(kind), name, effort, say, counts)
        for needed in (EVIDENCE_WORK, ITEM_WORK) if work_kinds else ():
            if needed not in work_kinds:
                reader.add_fault(reader.data, "work", f"the kind {needed!r} is missing")
        if work_kinds:
            work_kinds.setdefault(ASK_WORK, ASKING)
        for criterion in criteria:
            if criterion.work_kind and criterion.work_kind not in work_kinds:
                reader.add_fault(reader.data, criterion.id, f"unknown kind of work {criterion.work_kind!r}")
        return work_kinds


def _with_keys(node: Any, added_keys: Mapping[str, Any]) -> Any:
    """A mapping of the file with more keys, still knowing its line."""
    if not isinstance(node, dict):
        return node
    extended = SourceNode({**node, **added_keys})
    extended.line = getattr(node, "line", 0)
    return extended
