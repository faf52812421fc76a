"""Wordings of the places of an instrument, put together from the aligned segments of a paper form. PURE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey.instrument.official.alignment import ENOUGH, SAME_WORDS, Alignment, Span, likeness, score, squash
from survey.instrument.official.paper import Segment, join_lines
from survey.instrument.official.places import OfficialPlace, SoughtPlace

TITLE = 0.75  # likeness from which a plain line is a page's title
WRAPPED = 40  # letters from which on a printed line may have been broken before its text ended
_FIELD = re.compile(r"\((?:โปรด|จำนวน)?ระบุ[^()]*(?:\([^()]*\)[^()]*)*\)|(?:โปรด)?(?:ระบุ|URL)\s*.*…|(?:โปรดระบุ|URL).*")
_DEFINITION = re.compile(r"หมายเหตุ\s*:?\s*\S+\s+หมายถึง")


@dataclass(slots=True)
class Wording:
    """The printed text of a place, how alike it is to ours, and whether the place shares another's segments."""

    text: str
    alike: float
    shared: bool = False


@dataclass(slots=True)
class FormWordings:
    """Wordings by place, and the segments that belong to none."""

    wordings: dict[OfficialPlace, Wording] = field(default_factory=dict)
    foreign: list[Segment] = field(default_factory=list)


class WordingReader:
    """Reads the wordings of sought places from aligned segments."""

    def __init__(self, places: Sequence[SoughtPlace], segments: Sequence[Segment], pairs: Alignment) -> None:
        self.places, self.segments, self.pairs = places, segments, pairs
        self.number_by_place = {p.place: n for n, p in enumerate(places)}
        self.used = {s for span in pairs.values() for s in span}
        self.found = FormWordings()

    def read(self, section_by_question: Mapping[str, str], titles: Sequence[str] = ()) -> FormWordings:
        """All wordings: of the places with what they run on into, notes, definitions, shared ones; no page titles."""
        self.used |= {s.order for s in self.segments if s.is_plain and any(likeness(t, s.text) > TITLE for t in titles)}
        for number, span in self.pairs.items():
            self._add(number, self._run_on(span), score(self.places[number], self.segments, span))
        self._notes()
        self._definitions(section_by_question)
        for number, sought in enumerate(self.places):
            if sought.place not in self.found.wordings:
                self._share(number)
        known = "\n".join(squash(w.text) for w in self.found.wordings.values())
        self.found.foreign = [
            s
            for s in self.segments
            if s.order not in self.used
            and not (s.is_evidence_mark or s.is_heading or s.text.startswith("(แนบ"))
            and squash(s.text) not in known
        ]
        return self.found

    def _add(self, number: int, text: str, alike: float, shared: bool = False) -> None:
        self.found.wordings[self.places[number].place] = Wording(self._own_part(number, text), alike, shared)

    def _own_part(self, number: int, text: str) -> str:
        """The text without a sibling's label that stands in the same cell."""
        sought = self.places[number]
        if sought.place.kind != "option" or not text.startswith(sought.label):
            return text
        rest = text[len(sought.label) :].lstrip()
        siblings = (p.label for p in self.places if p.opener == sought.opener and p.place != sought.place)
        return sought.label if any(rest.startswith(label) for label in siblings) else text

    def _run_on(self, span: Span) -> str:
        """The text of a span with the plain segments after it into which its last printed line runs on."""
        parts, listed = [self.segments[s].text for s in span], 0
        for after in self.segments[span.stop :]:
            if after.order in self.used or after.box or after.code or after.is_note or after.is_heading:
                break
            if after.number == str(listed + 1) and not after.after_blank:
                listed += 1
                parts[-1] = f"{join_lines(parts)}\n{after.head} {after.text}"
                parts = parts[-1:]
            elif after.number or not self._ends_open(parts[-1], after.text):
                break
            else:
                parts.append(after.text)
            self.used.add(after.order)
        return parts[0] if listed else join_lines(parts)

    def _ends_open(self, last: str, text: str) -> bool:
        """Whether a wording goes on in a plain segment; after a closed bracket only another bracket belongs to it."""
        return (text.startswith("(") or not last.endswith(")")) and self._goes_on(last, text)

    @staticmethod
    def _goes_on(last: str, text: str) -> bool:
        if last.count("(") > last.count(")") or text.startswith("("):
            return True
        unfinished = "ระบุ" in last and "…" not in last and text.endswith("…")
        return unfinished or (len(last) >= WRAPPED and not last.endswith("หรือไม่"))

    def _notes(self) -> None:
        """Notes and examples go to the item printed before them."""
        item_at = {self.pairs[n].stop - 1: n for n in self.pairs if self.places[n].place.kind in ("question", "row")}
        owner, lines, notes = -1, list[str](), dict[int, list[str]]()
        listed = False  # whether the last line is a numbered one, which may run on over a blank line
        for segment in self.segments:
            if segment.order in self.used:
                owner, lines, listed = item_at.get(segment.order, owner), [], False
                continue
            runs_on = listed and segment.is_plain and self._goes_on(lines[-1], segment.text)
            if owner >= 0 and self._is_of_note(segment, bool(lines), runs_on):
                lines = notes.setdefault(owner, [])
                if runs_on:
                    lines[-1] = join_lines([lines[-1], segment.text])
                else:
                    lines.append(f"{segment.head} {segment.text}".strip() if segment.number else segment.text)
                    listed = bool(segment.number)
                self.used.add(segment.order)
            else:
                lines, listed = [], False
                passes = segment.box or segment.is_evidence_mark or segment.text.startswith("(แนบ")
                owner = owner if passes else -1
        for number, found in notes.items():
            place = self.places[number].place
            note = OfficialPlace("note", place.owner, place.part)
            self.found.wordings[note] = Wording("\n".join(found), 1.0)

    @staticmethod
    def _is_of_note(segment: Segment, is_open: bool, runs_on: bool) -> bool:
        """Whether a segment begins a note or goes on with the one that is open."""
        if segment.box or segment.is_heading or _DEFINITION.match(segment.text):
            return False
        return segment.is_note or (is_open and bool(segment.number)) or runs_on

    def _definitions(self, section_by_question: Mapping[str, str]) -> None:
        """A definition holds for every section from where it stands to the next one."""
        section_at = {
            self.pairs[n].start: section_by_question[self.places[n].question]
            for n in self.pairs
            if self.places[n].question in section_by_question
        }
        text = ""
        for segment in self.segments:
            if segment.order not in self.used and _DEFINITION.match(segment.text):
                text = segment.text
                self.used.add(segment.order)
            elif text and (section := section_at.get(segment.order)):
                place = OfficialPlace("definition", section)
                self.found.wordings.setdefault(place, Wording(text, 1.0))

    def _share(self, number: int) -> None:
        """Gives an unpaired place its part of the segments of a neighbour or its opener, if they hold one."""
        sought = self.places[number]
        for other in self._near(number):
            near = self.places[other]
            printed = self.found.wordings.get(near.place)
            part, alike = ("", 0.0)
            if printed is None:
                continue
            if label := _verbatim(sought.label, printed.text):
                part, alike = label, 1.0
                if near.opener == sought.opener and (cut := _verbatim(near.label, printed.text)):
                    printed.text = cut
            elif near.opener == sought.place and sought.place.kind == "option":
                part, alike = printed.text, likeness(sought.label, printed.text)
            elif near.opener == sought.opener and sought.place.kind == near.place.kind == "question":
                part, alike = self._part_beside(sought, near, printed)
            elif near.place == sought.opener and sought.place.kind == "question":
                part, alike = _field_part(sought.label, printed.text), 0.6
            if part and alike >= ENOUGH:
                self._add(number, part, alike, shared=True)
                return
        self._verbatim_nearby(number)

    def _near(self, number: int) -> Iterator[int]:
        sought, last = self.places[number], len(self.places) - 1
        if number < last and self.places[number + 1].opener == sought.place:
            yield number + 1
        beside = [n for n in (number - 1, number + 1, number - 2) if 0 <= n <= last]
        yield from (n for n in beside if self.places[n].opener == sought.opener)
        if sought.opener is not None and sought.place.kind == "question":
            yield self.number_by_place[sought.opener]

    @staticmethod
    def _part_beside(sought: SoughtPlace, near: SoughtPlace, printed: Wording) -> tuple[str, float]:
        """The part of a line that is printed for two fields of one opener, with how sure it is."""
        if (sought.code and sought.code == near.code) or printed.text.count("…") >= 2:
            return printed.text, 0.6
        if printed.text.startswith(near.label) and (rest := printed.text[len(near.label) :].strip()):
            return rest, likeness(sought.label, rest)
        return "", 0.0

    def _verbatim_nearby(self, number: int) -> None:
        """Takes our own label where it stands word for word in a free or a neighbour's segment around the place."""
        around = [self.pairs[n] for n in range(max(0, number - 12), number + 12) if n in self.pairs]
        if not around:
            return
        start, stop = min(s.start for s in around), max(s.stop for s in around)
        for segment in self.segments[start:stop]:
            if segment.is_note or segment.code:
                continue
            if label := _verbatim(self.places[number].label, segment.text):
                self._add(number, label, 1.0, shared=True)
                return


def _field_part(label: str, text: str) -> str:
    """The part of an option's wording that asks for a text of its own, the most alike of several; empty if none."""
    parts = [m[0].strip("()") if m[0].startswith("(") else m[0] for m in _FIELD.finditer(text)]
    if "…" in (head := text.split("(")[0]):
        parts.append(head)
    return max(parts, key=lambda part: likeness(label, part), default="").strip()


def _verbatim(label: str, text: str) -> str:
    """Our label as it stands in a printed text, between signs or spaces or as its beginning; empty if it does not."""
    for ours, printed in [(label, label), *((o, t) for t, o in SAME_WORDS)]:
        if (
            ours == label
            and len(squash(label)) >= 2
            and (match := re.search(rf"(?:^|(?<=[\s(])){re.escape(printed)}(?=[\s)]|$)", text, re.I))
        ):
            return match[0]
    return ""
