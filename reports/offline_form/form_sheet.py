"""Writes a sheet of the offline form: lines, drop-downs, checks, formulas, and what agencies answered beside. PURE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from dgready.localized_text import LocalizedText
from reports.offline_form import texts
from reports.offline_form.fields import TICK, list_name, value_text
from reports.offline_form.form_content import FILES, WIDTHS, FormContent, OptionLists
from reports.offline_form.formulas import ANSWER, ASKED, FormulaWriter
from reports.offline_form.layout import DATA_ROW, FormLayout, FormLine
from reports.offline_form.marks import row_mark
from reports.workbooks.cells import FONT_NAME, clean_cell_text
from reports.workbooks.page_setup import row_height, set_up_page
from survey.instrument.cleaners import MAX_TEXT_LENGTH
from survey.instrument.schema import AnswerValue, Item, TableColumn

_WHITE: Final = PatternFill("solid", start_color="FFFFFFFF")
_HEAD: Final = PatternFill("solid", start_color="FFE8EBF8")
_GROUP: Final = PatternFill("solid", start_color="FFF4F6FA")
_GREY: Final = PatternFill("solid", start_color="FFE3E5EA", end_color="FFE3E5EA")
_LINE: Final = Side(style="thin", color="FFB7BDCF")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SMALL: Final = Font(name=FONT_NAME, size=10)
_TOP: Final = Alignment(vertical="top", wrap_text=True)
FIRST_BESIDE: Final = 9  # the column after those of the form
BESIDE_WIDTH: Final = 30
_MAX_INDENT: Final = 6
_PLAIN_NUMBER_DIGITS: Final = 15  # more do not fit a spreadsheet's number


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> Any:
    """Writes a cell that is text whatever it looks like, and returns it."""
    cell = sheet.cell(row, column)
    if text := clean_cell_text(text):
        cell.value = text
        cell.data_type = "s"
    cell.number_format = "@"
    return cell


class SheetWriter:
    """Writes the lines of one sheet."""

    def __init__(self, sheet: Worksheet, content: FormContent, formulas: FormulaWriter, lists: OptionLists) -> None:
        self.sheet, self.content, self.formulas, self.lists = sheet, content, formulas, lists
        self.validations: dict[str, DataValidation] = {}
        self.language = content.language
        self.words = {"open": texts.OPEN.to(self.language), "not_asked": texts.NOT_ASKED.to(self.language)}
        self.messages = {check.address: check for check in content.instrument.checks}

    def write(self, lines: Sequence[FormLine]) -> None:
        """Heads, lines, grey for what is not asked, protection, print set-up."""
        self._heads()
        for line in lines:
            self._line(line)
        last = lines[-1].row if lines else DATA_ROW
        rule = FormulaRule(formula=[f"${ASKED}{DATA_ROW}=0"], fill=_GREY, font=Font(color="FF7A8094"), stopIfTrue=False)
        self.sheet.conditional_formatting.add(f"B{DATA_ROW}:{FILES}{last}", _not_empty(rule))
        for validation in self.validations.values():
            self.sheet.add_data_validation(validation)
        for column in ("A", ASKED):
            self.sheet.column_dimensions[column].hidden = True
        self.sheet.freeze_panes = f"D{DATA_ROW}"
        protect(self.sheet)
        set_up_page(self.sheet, DATA_ROW - 1)

    def _heads(self) -> None:
        for letter, width in WIDTHS.items():
            self.sheet.column_dimensions[letter].width = width
        title = put_text(self.sheet, 1, 2, self.sheet.title)
        title.font, title.number_format = Font(name=FONT_NAME, size=14, bold=True, color="FF1B2350"), "General"
        for column, text in enumerate(texts.HEADS, start=2):
            cell = put_text(self.sheet, DATA_ROW - 1, column, text.to(self.language))
            cell.font, cell.fill, cell.border = Font(name=FONT_NAME, size=11, bold=True), _HEAD, _BOX
            cell.alignment = Alignment(vertical="center", wrap_text=True)
        for column, (name, _values) in enumerate(self.content.beside, start=FIRST_BESIDE):
            self.sheet.column_dimensions[get_column_letter(column)].width = BESIDE_WIDTH
            cell = put_text(self.sheet, DATA_ROW - 1, column, name)
            cell.font, cell.fill, cell.alignment = Font(name=FONT_NAME, size=11, bold=True), _HEAD, _TOP

    def _line(self, line: FormLine) -> None:
        row, sheet = line.row, self.sheet
        is_group = line.heading and not line.id
        font = Font(name=FONT_NAME, size=11, bold=line.heading or bool(line.code))
        for column, text in ((2, line.code), (3, line.label), (5, line.hint)):
            cell = put_text(sheet, row, column, text)
            indent = min(line.depth, _MAX_INDENT) if column == 3 else 0
            cell.alignment = Alignment(vertical="top", wrap_text=True, indent=indent)
            cell.font, cell.fill = font if column < 5 else Font(name=FONT_NAME, size=10), _GROUP if is_group else _WHITE
            cell.number_format = "General"
        if line.id:
            put_text(sheet, row, 1, row_mark(self.content.head["form"], line.id))
        if line.key:
            sheet[f"{ASKED}{row}"] = self.formulas.asked(line)
        check = self.messages.get(line.field) if not line.option else None
        told = (check.condition, check.message.to(self.language)) if check else None
        if state := self.formulas.state(line, self.words, told):
            sheet[f"F{row}"] = state
            sheet[f"F{row}"].alignment = Alignment(vertical="top", wrap_text=True)
            sheet[f"F{row}"].font = Font(name=FONT_NAME, size=10, color="FFB3261E")
        shown = self._answer(line) if line.field and line.id else ""
        names = self._files(line) if line.id and line.takes_files else ""
        wide = WIDTHS["C"] - 2 * min(line.depth, _MAX_INDENT)
        cells = [(line.label, wide), (shown, WIDTHS[ANSWER]), (line.hint, WIDTHS["E"]), (names, WIDTHS[FILES])]
        beside = self._beside(line) if self.content.beside else []
        sheet.row_dimensions[row].height = row_height([*cells, *((text, BESIDE_WIDTH) for text in beside)])

    def _beside(self, line: FormLine) -> list[str]:
        """What the agencies answered, each in a column of its own; the rows of a repeat in its first line."""
        titles = self.lists.texts
        told = [beside_text(self.content.layout, line, values, titles) for _name, values in self.content.beside]
        for column, text in enumerate(told, start=FIRST_BESIDE):
            if text:
                cell = put_text(self.sheet, line.row, column, text)
                cell.font, cell.fill, cell.alignment = _SMALL, _GROUP, _TOP
        return told

    def _answer(self, line: FormLine) -> str:
        """The cell to answer in, with the stored answer; returns its text."""
        owner = line.owner
        value = self.content.values.get(line.field)
        if owner is None:
            return ""
        if line.option:
            text = TICK if isinstance(value, list) and line.option in value else ""
        else:
            text = value_text(owner, value, self.lists.texts.get(list_name(line.field), {}))
        cell = _input(self.sheet, line.row, ANSWER, text)
        if owner.kind == "number":
            cell.number_format = "General"
            if text and len(text.strip("-").replace(".", "")) <= _PLAIN_NUMBER_DIGITS:
                cell.value = float(text) if "." in text else int(text)
        if line.option:
            cell.alignment = Alignment(horizontal="center", vertical="top")
        self._validate(line, owner)
        return text

    def _files(self, line: FormLine) -> str:
        names = list(self.content.files.get(line.id, ()))
        if line.owner is not None and line.owner.kind == "single":
            for option in line.owner.options:
                names += self.content.files.get(f"{line.field}={option.key}", ())
        text = "\n".join(names)
        _input(self.sheet, line.row, FILES, text)
        return text

    def _validate(self, line: FormLine, owner: Item | TableColumn) -> None:
        made = _validation(line, owner, self.lists)
        if made is not None:
            key = repr((made.type, made.operator, made.formula1, made.formula2))
            made.prompt = line.hint or texts.hint_of(owner).to(self.language)
            made.error = _complaint(owner).to(self.language)
            made.showErrorMessage = made.showInputMessage = True
            self.validations.setdefault(key, made).add(f"{ANSWER}{line.row}")


def beside_text(
    layout: FormLayout, line: FormLine, values: Mapping[str, AnswerValue], titles: Mapping[str, Mapping[str, str]]
) -> str:
    """What an agency answered at a line. Its rows are its own, so that those of a repeat stand together as text."""
    if line.key in layout.slots:
        by_row: dict[str, list[str]] = {row: [] for row in values.get(line.key, ())}
        for address, given in values.items():
            if address.startswith(f"{line.key}#") and isinstance(given, str):
                shown = titles.get(list_name(address), {}).get(given, given)
                by_row.setdefault(address[len(line.key) + 1 :].split("/")[0], []).append(shown)
        return "\n".join(f"{number}. {' · '.join(some)}" for number, some in enumerate(by_row.values(), start=1))
    value = values.get(line.field)
    if line.owner is None or not line.id:
        return ""
    if line.option:
        return TICK if isinstance(value, list) and line.option in value else ""
    return value_text(line.owner, value, titles.get(list_name(line.field), {}))


def _input(sheet: Worksheet, row: int, column: str, text: str) -> Any:
    """A cell that people fill in: unlocked, white, boxed, text as it is typed."""
    cell = put_text(sheet, row, ord(column) - ord("A") + 1, text)
    cell.protection, cell.fill, cell.border = Protection(locked=False), _WHITE, _BOX
    cell.font, cell.alignment = Font(name=FONT_NAME, size=11), Alignment(vertical="top", wrap_text=True)
    return cell


def _validation(line: FormLine, owner: Item | TableColumn, lists: OptionLists) -> DataValidation | None:
    """The check of a cell. Only lists stop: what else is typed is read as on the page, which knows Thai digits."""
    if line.option:
        return DataValidation(type="list", formula1=f'"{TICK}"', allow_blank=True)
    if owner.kind == "single":
        return DataValidation(type="list", formula1=lists.ranges[list_name(line.field)], allow_blank=True)
    if owner.kind == "text":
        most = str(MAX_TEXT_LENGTH)
        return DataValidation(
            type="textLength", operator="lessThanOrEqual", formula1=most, allow_blank=True, errorStyle="warning"
        )
    if owner.kind != "number":
        return None
    low, high = (getattr(owner, name, None) for name in ("minimum", "maximum"))
    kind = "whole" if getattr(owner, "integer", False) else "decimal"
    bounds: dict[str, Any] = {"operator": "greaterThanOrEqual", "formula1": low or "-999999999999999"}
    if high is not None:
        bounds = {"operator": "between", "formula1": low or "-999999999999999", "formula2": high}
    return DataValidation(type=kind, allow_blank=True, errorStyle="warning", **bounds)


def _complaint(owner: Item | TableColumn) -> LocalizedText:
    if owner.kind == "number":
        return texts.CHECK_NUMBER
    return texts.CHECK_LENGTH.filled(n=MAX_TEXT_LENGTH) if owner.kind == "text" else texts.CHOOSE_FROM_LIST


def _not_empty(rule: Any) -> Any:
    """The rule without cells that are empty, which count as 0."""
    rule.formula = [f'AND(${ASKED}{DATA_ROW}<>"",{rule.formula[0]})']
    return rule


def protect(sheet: Worksheet) -> None:
    """Locks the structure without a password; widths, heights and filters stay free."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.autoFilter = sheet.protection.sort = False
