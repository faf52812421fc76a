"""Page, PDF, workbook, CSV and JSON tell the same figures, one by one, and none tells a count that is hidden."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from nation.facts.types import FactBlock, FactRow, Population
from nation.national.lines import list_sections
from nation.national.stored import read_report
from tests.flow import Flow
from tests.nation.made_up_report import made_up_report
from tests.reports.conftest import read_back, squeezed

Key = tuple[str, str, str]
Figures = tuple[int | None, Decimal | None, Decimal | None, Decimal | None, Decimal | None]
NOTHING: Figures = (None, None, None, None, None)
HIDDEN_SHARE = "2.63"


def figures() -> Iterator[tuple[Key, FactBlock, FactRow]]:
    """Every figure of the report made by hand, read straight from it."""
    for block in made_up_report().blocks:
        for row in block.rows:
            yield (block.key, row.key, ""), block, row
            for part in row.parts:
                yield (block.key, row.key, part.key), block, part


def expected() -> dict[Key, Figures]:
    """Count, share, share of all, sum and year before of every figure; nothing of one that is hidden."""
    return {
        key: NOTHING if row.hidden else (row.count, row.percent, row.of_all, row.value, row.before)
        for key, _b, row in figures()
    }


def number(text: Any) -> Decimal | None:
    return None if text in ("", None) else Decimal(str(text))


def written(flow: Flow, folder: Path, name: str, verb: str = "export") -> Path:
    out = folder / name
    call_command(verb, "national", "--year", str(flow.round.year), "--out", str(out), stdout=io.StringIO())
    return out


def test_csv_has_every_figure(flow: Flow, told: list[Population], tmp_path: Path) -> None:
    content = written(flow, tmp_path, "n.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    found = {
        (r["block"], r["row"], r["part"]): (
            int(r["count"]) if r["count"] else None,
            *(number(r[name]) for name in ("percent", "of_all", "value", "before")),
        )
        for r in rows
    }
    assert found == expected()
    blocks = {block.key: block for _key, block, _row in figures()}
    assert all((int(r["n"]), int(r["asked"])) == (blocks[r["block"]].n, blocks[r["block"]].asked) for r in rows)
    base = {(r["row"], r["part"]): r["base"] for r in rows if r["block"] == "table.P2.1"}
    assert base["P2.1/a", "done"] == "6"
    assert not re.search(r"[\n,]=HYPERLINK", content)


def test_json_is_the_report(flow: Flow, told: list[Population], tmp_path: Path) -> None:
    content = json.loads(written(flow, tmp_path, "n.json").read_text(encoding="utf-8"))
    found: dict[Key, Figures] = {}
    for block in content["blocks"]:
        for row in block["rows"]:
            for part in (None, *row.get("parts", ())):
                one = row if part is None else part
                key = (block["key"], row["key"], part["key"] if part else "")
                found[key] = (
                    one["count"],
                    *(number(one.get(name)) for name in ("percent", "of_all", "value", "before")),
                )
    assert found == expected()
    assert read_report(content).json() == content, "a release is read back whole"


def test_the_workbook_has_every_figure(flow: Flow, told: list[Population], tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(flow, tmp_path, "n.xlsx"))
    assert len(book.sheetnames) == len(list_sections(made_up_report().blocks)) + 2
    found: dict[Key, Figures] = {}
    blocks = {block.key: block for _key, block, _row in figures()}
    for sheet in book.worksheets[1:-1]:
        block = None
        for row in sheet.iter_rows(min_row=2, values_only=True):
            code = str(row[11])
            if row[10] is not None:
                block = blocks[code]
                assert row[8:11] == (block.asked, block.answered, block.n)
                continue
            assert block is not None
            [key] = [k for k, b, _r in figures() if b.key == block.key and "/".join(filter(None, k[1:])) == code]
            count = row[2] if isinstance(row[2], int) else None
            found[key] = (count, *(number(row[column]) for column in (3, 5, 6, 7)))
    assert found == expected()
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)


def shown_rows(markup: str) -> dict[str, list[tuple[str, list[str]]]]:
    """By block title the rows of its table: heading and the texts of the cells."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for title, table in re.findall(r"<caption[^>]*>(.*?)</caption>(.*?)</table>", markup, re.DOTALL):
        body = table.split("<tbody>")[1]
        for row in body.split("<tr>")[1:]:
            cells = [
                html.unescape(re.sub(r"<[^>]+>", " ", c))
                for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            ]
            found.setdefault(html.unescape(title), []).append((cells[0], [" ".join(c.split()) for c in cells[1:]]))
    return found


def told_figures(row: FactRow) -> list[str]:
    """The figures of a row as a reader sees them."""
    if row.hidden:
        return ["น้อยกว่า 3"]
    told = [f"{row.count:,}"] if row.count is not None else []
    told += [f"{share:.2f}" for share in (row.percent, row.of_all, row.before) if share is not None]
    return told if row.value is None else [*told, f"{row.value:,f}".rstrip("0").rstrip(".")]


def parts_of(row: FactRow) -> Sequence[FactRow]:
    """What of a row tells figures: its parts, unless they are texts."""
    return [part for part in row.parts if told_figures(part)] or (row,)


def assert_shows(tables: dict[str, list[tuple[str, list[str]]]]) -> None:
    """Each row of the report is a row of its table, with all its figures."""
    for block in made_up_report().blocks:
        if all(row.count is None and not row.parts and not row.hidden and row.value is None for row in block.rows):
            continue
        rows = tables[block.title.th]
        assert [label for label, _cells in rows] == [row.label.th for row in block.rows]
        for (_label, cells), row in zip(rows, block.rows, strict=True):
            joined = re.findall(r"น้อยกว่า 3|[\d,]+(?:\.\d+)?", " ".join(cells))
            for one in parts_of(row):
                for figure in told_figures(one):
                    assert figure in joined, (block.key, row.key, one.key, figure, joined)
                    joined.remove(figure)


def every_page(flow: Flow, central: Client) -> str:
    base = f"/nation/{flow.round.year}/report/"
    sections = [base, *(f"{base}{one.key}/" for one in list_sections(made_up_report().blocks) if one.key)]
    return "".join(central.get(address).content.decode() for address in sections)


def test_pages_show_every_figure(flow: Flow, told: list[Population], central: Client) -> None:
    markup = every_page(flow, central)
    assert_shows(shown_rows(markup))
    assert HIDDEN_SHARE not in markup
    assert "<li>+ตัวอย่างโครงการ</li>" in markup
    assert "<li>ควรเริ่มจากแผนข้อมูล</li>" in markup


def test_the_paper_shows_every_figure(flow: Flow, told: list[Population], tmp_path: Path) -> None:
    out = written(flow, tmp_path, "n.pdf", "report")
    text = squeezed(read_back(out, "-raw"))
    assert HIDDEN_SHARE not in text
    for block in made_up_report().blocks:
        assert squeezed(block.title.th) in text
        assert squeezed(block.sentence.th) in text
        for row in block.rows:
            figures = [figure for one in parts_of(row) for figure in told_figures(one)]
            missing = [figure for figure in figures if squeezed(figure) not in text]
            assert missing == [], (block.key, row.key)


@pytest.mark.parametrize("name", ["n.csv", "n.json"])
def test_a_hidden_count_is_in_no_data(flow: Flow, told: list[Population], tmp_path: Path, name: str) -> None:
    assert HIDDEN_SHARE not in written(flow, tmp_path, name).read_text(encoding="utf-8")


def test_browser_and_shell_give_the_same_data(
    flow: Flow, told: list[Population], central: Client, tmp_path: Path
) -> None:
    base = f"/nation/{flow.round.year}/report/data"
    for suffix in ("csv", "json"):
        response = central.get(f"{base}.{suffix}")
        assert response.content == written(flow, tmp_path, f"n.{suffix}").read_bytes()
        assert "no-store" in response["Cache-Control"]


def test_commands_refuse_what_is_not_there(flow: Flow, told: list[Population], tmp_path: Path) -> None:
    def export(*options: str, name: str = "n.json") -> Callable[[], object]:
        out = str(tmp_path / name)
        return lambda: call_command("export", "national", "--year", str(flow.round.year), "--out", out, *options)

    refused = [export("--group", "kpi"), export("--group", "region", "--member", "moon"), export(name="n.txt")]
    refused += [export("--release", "1.0")]
    for call in refused:
        with pytest.raises(CommandError):
            call()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(CommandError):
        call_command("report", "national", "--year", "2500", "--out", str(tmp_path / "n.pdf"))
