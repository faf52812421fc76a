"""One explanation: the JSON, the page, the workbook and the paper show the same tree with the same numbers."""

import io
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from reports import tasks
from reports.models import Job
from scoring.engine import queries
from scoring.engine.explain import format_number
from survey.answering import actions as answers
from survey.models import Response
from tests.factories import ProvinceFactory
from tests.scoring.worlds import file_of_job, full_answers
from tests.trial import REAL, Trial, make_trial

PILLARS = ("1", "2", "3", "4", "6")  # of these, every other question is answered


@dataclass(frozen=True)
class Told:
    """What one of the four says of a criterion."""

    points: str
    maximum: str
    span: tuple[str, str]
    kept: str
    lost: str
    assumed: bool
    reason: str
    leaves: int
    counted: int


@pytest.fixture
def real(db: None, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """The real year partly answered; every other evidence place has its mark."""
    trial = make_trial(REAL, ProvinceFactory(code="TH-43"))
    values = full_answers("real")
    cards = {q.id: {i.id for i in q.card()} for q in trial.compiled.questions}
    for item_id in [q.id for q in trial.compiled.questions if q.pillar in PILLARS][::2]:
        mine = {a: v for a, v in values.items() if cards[item_id] & set(re.split(r"[#/]", a))}
        question = trial.question(item_id)
        answers.save_answer(
            by=trial.secretariat, response=trial.response, question=question, value=mine, base_revision=0
        )

    def marked(response: Response) -> frozenset[str]:
        return frozenset(sorted(queries.response_path(response).places)[::2])

    monkeypatch.setattr("scoring.engine.queries.marked_addresses", marked)
    return trial


def cents(value: object) -> str:
    return f"{Decimal(str(value)).quantize(Decimal('0.01')):f}"


# -- JSON -----------------------------------------------------------------------------------------


def tree(real: Trial) -> dict[str, Any]:
    out = StringIO()
    where = ("--province", "TH-43", "--year", str(real.round.year))
    call_command("score", "response", *where, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def criteria(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for pillar in data["pillars"]:
        for sub in pillar["sub_pillars"]:
            yield from _below(sub)


def _below(sub: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from sub["criteria"]
    for part in sub["parts"]:
        yield from _below(part)


def leaves(trace: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from trace["leaves"]
    for part in trace["parts"]:
        yield from leaves(part)


def by_json(data: Mapping[str, Any]) -> dict[str, Told]:
    found = {}
    for c in criteria(data):
        own = list(leaves(c["trace"]))
        found[c["name"]["th"]] = Told(
            points=c["points"] or "",
            maximum=c["maximum"],
            span=(c["low"], c["high"]),
            kept=cents(c["kept"]) if c["kept"] is not None else "",
            lost=cents(c["lost"]) if c["lost"] is not None else "",
            assumed=c["assumed"],
            reason=c["reason"]["th"],
            leaves=len(own),
            counted=sum(x["state"] == "counted" for x in own),
        )
    return found


def test_the_json_is_the_whole_tree(real: Trial) -> None:
    data = tree(real)
    assert Decimal(data["low"]) <= Decimal(data["best"]) <= Decimal(data["high"])
    assert data["scheme_version"] == 3
    kept = sum(Decimal(c["kept"]) for c in criteria(data) if c["kept"] is not None)
    assert kept == Decimal(data["accounted"])
    for pillar in data["pillars"]:
        assert pillar["weight"]["from"] == "official"
        assert pillar["weight"]["source"]["th"]
    for c in criteria(data):
        assert c["source"]["th"]
        assert c["source"]["en"]
        assert c["reason"]["th"]
        assert c["reason"]["en"]
        for leaf in leaves(c["trace"]):
            assert leaf["why"]["th"]
            assert leaf["state"] in ("counted", "no_evidence", "other", "not_given", "off")
            if leaf["state"] == "no_evidence":
                assert leaf["address"] in leaf["evidence"]


# -- the page -------------------------------------------------------------------------------------


class Words(HTMLParser):
    """The words of each criterion of the page, its leaves apart."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, list[str]] = {}
        self.leaves: dict[str, list[str]] = {}
        self.key, self.in_leaves = "", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "article":
            self.key = ""
        if tag == "li" and (given.get("id") or "").startswith("c-"):
            self.key = str(given["id"])[2:]
            self.found[self.key], self.leaves[self.key] = [], []
        elif tag == "ul":
            self.in_leaves = given.get("class") == "leaves"
        elif tag == "li" and self.in_leaves and self.key:
            self.leaves[self.key].append("")
        if tag in ("section", "h2"):
            self.key = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "ul":
            self.in_leaves = False
        if tag == "article":
            self.key = ""

    def handle_data(self, data: str) -> None:
        if self.key:
            self.found[self.key].append(data)
            if self.in_leaves and self.leaves[self.key]:
                self.leaves[self.key][-1] += data


def test_the_page_shows_the_same(real: Trial, client: Client) -> None:
    client.force_login(real.secretariat)
    page = client.get(reverse("scoring:score", args=[real.response.pk])).content.decode()
    links = re.findall(r'href="([^"]+/score/why/[^"]+)"', page)
    subs = [s["code"] for pillar in tree(real)["pillars"] for s in pillar["sub_pillars"]]
    assert links == [reverse("scoring:why", args=[real.response.pk, code]) for code in subs]
    words = Words()
    for link in links:
        words.feed(client.get(link).content.decode())
    data = tree(real)
    told = by_json(data)
    assert len(words.found) == len(told)
    for c in criteria(data):
        said = re.sub(r"\s+", " ", "".join(words.found[c["id"]]))
        one = told[c["name"]["th"]]
        assert c["name"]["th"] in said
        assert c["reason"]["th"] in said
        assert c["source"]["th"] in said
        assert len(words.leaves[c["id"]]) == one.leaves
        assert sum("มีหลักฐานที่ทำเครื่องหมายแล้ว" in x or "ไม่ขอหลักฐาน" in x for x in words.leaves[c["id"]]) == one.counted
        if one.points:
            assert f" {format_number(Decimal(one.points))} / {format_number(Decimal(one.maximum))} " in said
        if one.kept and c["decides"]:
            assert f"คะแนนรวมที่ได้ {one.kept} ที่ยังขาด {one.lost}" in said
        if one.span[0] != one.span[1]:
            low, high = (format_number(Decimal(x)) for x in one.span)
            assert f"เกณฑ์นี้อาจได้ {low}–{high}" in said
        assert ("ข้อสมมติ" in said) or not one.assumed
    for place in ("low", "high", "total"):
        assert data[place] in page


def test_the_part_put_in_place_is_the_tree_of_the_page(real: Trial, client: Client) -> None:
    client.force_login(real.secretariat)
    for code in ("1.1", "2.3", "5.2"):
        link = reverse("scoring:why", args=[real.response.pk, code])
        alone, part = Words(), Words()
        alone.feed(client.get(link).content.decode())
        sent = client.get(link, headers={"HX-Request": "true"})
        assert "HX-Request" in sent["Vary"]
        assert "<html" not in sent.content.decode()
        part.feed(sent.content.decode())
        assert part.found
        assert part.leaves == alone.leaves
        for key in alone.found:  # the spaces between the tags are not the same
            assert "".join(part.found[key]).split() == "".join(alone.found[key]).split()
    assert client.get(reverse("scoring:why", args=[real.response.pk, "9.9"])).status_code == 404


# -- the workbook and the paper -------------------------------------------------------------------


def test_the_workbook_shows_the_same(real: Trial, client: Client) -> None:
    client.force_login(real.secretariat)
    content = file_of_job(client, reverse("scoring:score-file", args=[real.response.pk, "xlsx"]))
    book = load_workbook(io.BytesIO(content))
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in book["เหตุผล"].iter_rows(min_row=2, values_only=True):
        found.setdefault(str(row[1]), []).append(row)
    data = tree(real)
    told = by_json(data)
    assert set(found) == set(told)
    for name, one in told.items():
        head, *rest = found[name]
        assert ("" if head[2] is None else cents(head[2])) == one.points
        assert cents(head[3]) == one.maximum
        assert ("" if head[4] is None else cents(head[4])) == one.kept
        assert ("" if head[5] is None else cents(head[5])) == one.lost
        assert (head[6] in ("ข้อสมมติ", "ประมาณการ")) == one.assumed
        assert one.reason in head[7]
        assert (cents(head[13]), cents(head[14])) == one.span
        assert (len(rest), sum(r[10] == "นับ" for r in rest)) == (one.leaves, one.counted)
    addresses = {leaf["answer"] for c in criteria(data) for leaf in leaves(c["trace"])}
    assert {r[9] for rows in found.values() for r in rows[1:]} == addresses
    proofs = {p for c in criteria(data) for leaf in leaves(c["trace"]) for p in leaf["evidence"]}
    assert {p for rows in found.values() for r in rows[1:] if r[12] for p in str(r[12]).split(", ")} == proofs
    scores = {r[0] or "": r for r in book["คะแนน"].iter_rows(min_row=2, values_only=True)}
    assert tuple(map(cents, scores[""][2:5])) == (data["low"], data["best"], data["high"])
    for pillar in data["pillars"]:
        row = scores[pillar["number"]]
        assert (cents(row[2]), cents(row[4]), cents(row[6])) == (
            pillar["low"],
            pillar["high"],
            pillar["weight"]["value"],
        )


@pytest.mark.slow
def test_the_paper_shows_the_same(real: Trial, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(real.secretariat)
    keys: list[int] = []
    monkeypatch.setattr("reports.jobs.actions.enqueue_job", keys.append)
    assert client.post(reverse("reports:make", args=[real.response.pk]), {"kind": "reasons"}).status_code == 302
    tasks.run(keys[0])
    job = Job.objects.get(pk=keys[0])
    assert (job.state, job.message) == ("done", "")
    sent = client.get(reverse("reports:download", args=[job.public_id]))
    assert job.file_name == "dgready-TH-43-2568-score.pdf"
    file = tmp_path / "x.pdf"
    file.write_bytes(b"".join(sent) if sent.streaming else sent.content)
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True, check=True)
    said = re.sub(r"\s+", "", done.stdout)
    data = tree(real)
    for place in ("low", "total", "high"):
        assert data[place] in said
    for c in criteria(data):
        if c["kept"] is not None and c["decides"]:
            assert f"คะแนนรวมที่ได้{cents(c['kept'])}ที่ยังขาด{cents(c['lost'])}" in said
        for leaf in leaves(c["trace"]):
            assert re.sub(r"\s+", "", leaf["label"]["th"]) in said
            assert re.sub(r"\s+", "", leaf["why"]["th"]) in said
