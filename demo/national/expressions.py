"""Published figures as answers on this year's form, and as rows of this year's report: through the year links. PURE."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from demo.national.published import Figure, OpenPoints
from nation.facts.complete_blocks import ALL
from nation.facts.form_facts import FormFacts, read_form_facts
from survey.instrument.addresses import item_id_of
from survey.instrument.schema import CompiledInstrument, Item
from survey.linking.links import YearLinks

Kind = Literal["option", "reason", "rows", "total", "due", "part", "rest", "level", "answered", "complete"]
LEVEL: Final = "level-"
UP: Final = "-up"
ONE_ROW: Final = "1"


@dataclass(frozen=True, slots=True)
class Expression:
    """A figure on this form: `address` of the field (or code of what has the level) and the `value` that is counted."""

    figure: Figure
    kind: Kind
    address: str
    value: str


@dataclass(frozen=True, slots=True)
class ReportPlace:
    """Where the report tells a figure: block, row, and by what ("percent", "of_all" or "value")."""

    block: str
    row: str


class Expressing:
    """Figures of one published year on one form: that of the same year, or the one that the links lead to.

    On the form of the same year, a link leads to the answer of the same address where the form has it.
    """

    def __init__(self, form: CompiledInstrument, links: YearLinks, points: OpenPoints) -> None:
        self.form, self.links, self.points = form, links, points
        self.is_own_year = form.year == links.year
        self.facts: FormFacts = read_form_facts(form)

    def express(self, figure: Figure) -> Expression | None:
        """The figure on this form; None where the links lead to no field that says the same."""
        if figure.kind == "response":
            return Expression(figure, "answered", "", "answered")
        if figure.kind != "question":
            return self._level(figure)
        address = self._address(figure)
        if address is None:
            return None
        field, equals, option = address.partition("=")
        if equals:
            return Expression(figure, "option", field, option)
        return self._by_item(figure, self.form.items[item_id_of(field)])

    def _address(self, figure: Figure) -> str | None:
        if own := self.points.fields.get(figure.code, {}).get(figure.option):
            return own
        link = self.links.link_from(figure.code)
        if link is None or any(new not in self.form.items for new in link.new):
            return None
        address = link.figure_address(figure.option, self.form)
        return address if address and self._is_there(address) else None

    def _is_there(self, address: str) -> bool:
        """Whether the form has the field, and the option of it."""
        field, equals, option = address.partition("=")
        item = self.form.items.get(item_id_of(field))
        if item is None or not equals:
            return item is not None
        column = field.rpartition("/")[2] if "/" in field else ""
        owner = next((one for one in item.columns if one.key == column), item)
        return option in owner.by_key

    def _level(self, figure: Figure) -> Expression | None:
        code = figure.code
        if figure.kind == "sub_pillar" and not self.is_own_year:
            link = self.links.sub_pillar_from(code)
            if link is None or len(link.new) != 1:
                return None
            code = link.new[0]
        return Expression(figure, "level", code, figure.option.removeprefix(LEVEL))

    def _by_item(self, figure: Figure, item: Item) -> Expression | None:
        """A figure about a field as a whole: what it says follows from the kind of the field."""
        if item.id in self.facts.reason_items:
            return Expression(figure, "reason", item.id, figure.option)
        if others := next((s.others for s in self.facts.reasons.values() if s.listed is item), None):
            return Expression(figure, "reason", next(iter(others.values())).id, figure.option)
        if item.kind == "repeat":
            kind: Kind = "rows" if figure.unit == "provinces" else "total"
            return Expression(figure, kind, item.id, ONE_ROW)
        if item.kind == "month_year":
            # A published due year is the year of its survey; here it is the year of this one.
            return Expression(figure, "due", item.id, str(self.form.year))
        if item.tell_complete:
            return Expression(figure, "complete", item.id, ALL)
        if item.id in self.facts.pairs:
            return Expression(figure, self._part_or_rest(figure), item.id, "")
        return None

    def _part_or_rest(self, figure: Figure) -> Kind:
        """The figures of a pair are named by the links in their order: first the part, then the rest."""
        link = self.links.link_from(figure.code)
        named = [option for option, address in (link.figures if link else {}).items() if "=" not in (address or "=")]
        return "part" if named and named[0] == figure.option else "rest"

    def place(self, expression: Expression) -> ReportPlace:
        """The block and row of the report that tell it."""
        address, value = expression.address, expression.value
        if expression.kind == "answered":
            return ReportPlace("rates", value)
        if expression.kind == "level":
            return _level_place(address, value)
        if expression.kind == "option":
            return self._option_place(address, value)
        if expression.kind == "reason":
            return ReportPlace(f"reasons.{self.facts.reason_items[address].question.id}", value)
        if expression.kind in ("rows", "total"):
            return ReportPlace(f"repeats.{address}", value if expression.kind == "rows" else "total")
        if expression.kind == "complete":
            return ReportPlace(f"complete.{address}", value)
        if expression.kind == "due":
            return ReportPlace(f"years.{address}", value)
        return ReportPlace(f"numbers.{address}", expression.kind)

    def _option_place(self, address: str, option: str) -> ReportPlace:
        item = item_id_of(address)
        listing = next((s for s in self.facts.reasons.values() if s.listed and s.listed.id == item), None)
        if listing is not None:
            return ReportPlace(f"reasons.{listing.question.id}", option)
        _table, slash, cell = address.partition("/")
        return ReportPlace(f"question.{item}", f"{cell.replace('/', ':')}:{option}" if slash else option)


def _level_place(code: str, span: str) -> ReportPlace:
    low, high = span_of(span)
    if low == high:
        return ReportPlace(f"levels.{code}", str(low))
    return ReportPlace("levels.high" if span.endswith(UP) else "levels.low", code)


def span_of(span: str, highest: int = 5) -> tuple[int, int]:
    """The lowest and the highest level of "3", "3-up" or "1-2"."""
    if span.endswith(UP):
        return int(span.removesuffix(UP)), highest
    low, _dash, high = span.partition("-")
    return int(low), int(high or low)


def express_all(figures: Iterable[Figure], expressing: Expressing) -> list[Expression]:
    """The figures that the form can say."""
    return [found for figure in figures if (found := expressing.express(figure))]
