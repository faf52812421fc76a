"""manage.py report result: reports from the shell, the same as in the browser."""

from reports.management.commands._report_command import ReportCommand
from reports.models import ReportKind


class Command(ReportCommand):
    """`report result --province CODE --year YEAR --out FILE.pdf`."""

    help = "Write a report of a province's year as PDF."
    verbs = {"result": (ReportKind.RESULT, "score, every answer and the evidence")}
