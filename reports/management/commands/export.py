"""manage.py export dga: workbooks from the shell, the same as in the browser."""

from reports.management.commands._paper import PaperCommand
from reports.models import Kind


class Command(PaperCommand):
    """`export dga --province CODE --year YEAR --out FILE.xlsx`."""

    help = "Write a workbook of a province's year."
    verbs = {"dga": (Kind.DGA, "the Excel file for DGA")}
