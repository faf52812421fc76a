"""manage.py report result: papers from the shell, the same as in the browser."""

from reports.management.commands._paper import PaperCommand
from reports.models import Kind


class Command(PaperCommand):
    """`report result --province CODE --year YEAR --out FILE.pdf`."""

    help = "Write a paper of a province's year as PDF."
    verbs = {"result": (Kind.RESULT, "score, every answer and the evidence")}
