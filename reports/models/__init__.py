"""Models of reports: jobs and their files, letters, returned workbooks, the installation's own work."""

from reports.models.jobs import ACTIVE_STATES, LONG_WAIT, Download, Job, JobRequest, JobState
from reports.models.kinds import ReportKind
from reports.models.letters import LetterKind, LetterTemplate
from reports.models.returned import ReturnedWorkbook
from reports.models.system import FileFault, Heartbeat, RunKind, SystemRun

__all__ = [
    "ACTIVE_STATES",
    "LONG_WAIT",
    "Download",
    "FileFault",
    "Heartbeat",
    "Job",
    "JobRequest",
    "JobState",
    "LetterKind",
    "LetterTemplate",
    "ReportKind",
    "ReturnedWorkbook",
    "RunKind",
    "SystemRun",
]
