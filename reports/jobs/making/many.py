"""One file for many provinces: each province's own file in one ZIP, with a list that names what could not be made."""

from __future__ import annotations

import csv
import io
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Province
from dgready.sheets.formulas import csv_text
from reports.errors import ReportError
from reports.jobs.actions import ProgressReporter
from reports.jobs.making.params import job_language
from reports.jobs.many import MANY
from reports.models import Job
from survey.models import Response

log = logging.getLogger(__name__)
# What a ZIP holds at most, and how long it may take; the provinces that are left then are named in its list. The
# workbook of one province is well under 1 MB and takes about a second.
MAX_BYTES: Final = 500_000_000
MAX_SECONDS: Final = 45 * 60
MAX_NAMED: Final = 5  # provinces that the page names; the list in the ZIP names all
MakeOne = Callable[[Job, Response, Path, ProgressReporter], str]


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one province: its file in the ZIP, or why there is none."""

    province: Province
    file: str = ""
    size: int = 0
    sha256: str = ""
    why: str = ""


def make_many_files(
    job: Job, path: Path, progress: ProgressReporter, make_one: MakeOne, clock: Callable[[], float] = time.monotonic
) -> str:
    """Writes the ZIP to `path` and returns its name; `job.message` then says what is missing.

    `make_one` makes the file of one answer. Raises ReportError where no file could be made at all, JobStopped.
    """
    provinces, answers, until = _provinces(job), _answers(job), clock() + MAX_SECONDS
    parts: list[Part] = []
    with translation.override(job_language(job)), ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for number, province in enumerate(provinces):
            tell = partial(progress, number, len(provinces))
            tell()
            answer = answers.get(province.pk)
            if answer is None:
                parts.append(Part(province, why=_("ยังไม่ได้เปิดรอบของปีนี้")))
            elif clock() > until:
                parts.append(Part(province, why=_("หมดเวลาก่อนถึงจังหวัดนี้ โปรดขอใหม่ให้น้อยลง")))
            elif archive.start_dir > MAX_BYTES:
                parts.append(Part(province, why=_("ไฟล์รวมใหญ่เกินกำหนด โปรดขอใหม่ให้น้อยลง")))
            else:
                parts.append(_add_part(archive, job, answer, tell, make_one))
        archive.writestr(_("รายการ") + ".csv", _list_of(parts).encode("utf-8-sig"))
        missing = [part for part in parts if not part.file]
        if len(missing) == len(parts):
            raise ReportError("no_files")
        job.message = _missing_text(missing)
    return f"dgready-{job.kind}-{job.params['year']}-{len(parts) - len(missing)}.zip"


def _provinces(job: Job) -> Sequence[Province]:
    """The provinces that were asked for, in Thai order. One query."""
    return list(Province.objects.filter(code__in=job.params[MANY]).order_by("sort_key", "pk"))


def _answers(job: Job) -> dict[int, Response]:
    """The answers of the year by key of their province. One query."""
    rows = Response.objects.filter(
        agency=None, round__year=job.params["year"], round__province__code__in=job.params[MANY]
    )
    rows = rows.select_related("round__province", "round__instrument").defer("round__instrument__source")
    return {row.round.province_id: row for row in rows}


def _add_part(archive: ZipFile, job: Job, answer: Response, beat: Callable[[], None], make_one: MakeOne) -> Part:
    """Puts the file of one answer into the ZIP. A file that cannot be made is named, and loses no other."""
    province = answer.round.province
    params = {"language": job.params["language"]} if "language" in job.params else {}
    own = Job(kind=job.kind, response=answer, by=job.by, params=params, created_at=job.created_at)
    with TemporaryDirectory(dir=Path(str(archive.filename)).parent) as folder:
        made = Path(folder) / "file"
        try:
            name = make_one(own, answer, made, lambda _done, _total: beat())
        except ReportError as error:
            return Part(province, why=error.message_in(job_language(job)))
        except (ValueError, LookupError, TypeError, ArithmeticError, AttributeError):
            # A fault of one answer's data. What ails the store or the database ails all of them, and is tried again.
            log.exception("job %s: the file of %s failed", job.public_id, province.code)
            return Part(province, why=_("เกิดข้อผิดพลาดในระบบ โปรดแจ้งผู้ดูแลระบบ"))
        name = name if province.code in name else f"{province.code}-{name}"
        archive.write(made, name)
        with made.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        return Part(province, name, made.stat().st_size, digest)


def _list_of(parts: Sequence[Part]) -> str:
    """The list as CSV: every province with its file and hash, or why it has none."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("รหัส"), _("จังหวัด"), _("ไฟล์"), _("ขนาด (ไบต์)"), "SHA-256", _("เหตุที่ไม่มีไฟล์")])
    for part in parts:
        size = str(part.size) if part.file else ""
        cells = [part.province.code, part.province.name, part.file, size, part.sha256, part.why]
        writer.writerow([csv_text(cell) for cell in cells])
    return out.getvalue()


def _missing_text(missing: Sequence[Part]) -> str:
    """Which provinces have no file, for the page; empty for none."""
    if not missing:
        return ""
    names = ", ".join(part.province.name for part in missing[:MAX_NAMED])
    names += " …" if len(missing) > MAX_NAMED else ""
    return _("ไม่มีไฟล์ของ %(n)s จังหวัด: %(names)s เหตุผลอยู่ในรายการของไฟล์ ZIP") % {"n": len(missing), "names": names}
