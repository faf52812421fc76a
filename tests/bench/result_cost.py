"""Processor time of a result report beside WeasyPrint alone on the same HTML."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from weasyprint import HTML

from accounts.models import Province
from reports.content.results import gather_result_paper
from reports.documents.paper import no_progress
from reports.documents.render import BASE_URL, PDF_VARIANT, StaticFileFetcher
from reports.documents.result import result_html
from reports.jobs.making.answers import make_result


@dataclass(frozen=True, slots=True)
class ResultCost:
    """CPU seconds, the least of some turns: of the whole report, and of WeasyPrint alone."""

    ours: float
    raw: float

    @property
    def ratio(self) -> float:
        """How many times as long the report takes."""
        return self.ours / self.raw


def measure_result(province: Province, year: int, folder: Path, turns: int) -> ResultCost:
    """Makes the report and the bare PDF in turn, so that other work on the machine weighs on both alike."""
    html = result_html(*gather_result_paper(province, year, "th"))
    ours, raw = [], []
    for _turn in range(turns):
        raw.append(_cpu_seconds(lambda: _raw_weasyprint(html, folder / "raw.pdf")))
        ours.append(_cpu_seconds(lambda: make_result(province, year, "th", folder / "ours.pdf", no_progress)))
    return ResultCost(min(ours), min(raw))


def _cpu_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _raw_weasyprint(html: str, path: Path) -> None:
    """The same HTML, fonts and stylesheet, and nothing else of ours."""
    HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFileFetcher()).write_pdf(path, pdf_variant=PDF_VARIANT)
