"""manage.py export dga: workbooks from the shell, the same as in the browser."""

from reports.management.commands._report_command import ReportCommand
from reports.models import ReportKind


class Command(ReportCommand):
    """`export dga --province CODE --year YEAR --out FILE.xlsx`."""

    help = "Write a workbook of a province's year."
    verbs = {"dga": (ReportKind.DGA, "the Excel file for DGA")}
