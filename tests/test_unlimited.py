"""Nothing waits or grows without a limit: read from the code (wall 14; dgready.limits, dgready.children)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.test_walls import files

ROOT = Path(__file__).resolve().parents[1]

# What opens a file of somebody else, or waits for somebody else: (name of the call, module) → why it may.
ALLOWED = {
    ("Popen", "dgready.children"): "the one place, with limits",
    ("wait", "dgready.children"): "with what is left of the limit",
    ("load_workbook", "dgready.sheets.workbook"): "through dgready.sheets.uploaded",
    ("load_workbook", "scoring.results.workbook_text"): "through scoring.results.table_files",
    ("ZipFile", "dgready.sheets.workbook"): "WORKBOOK_LIMITS",
    ("ZipFile", "evidence.files.packages"): "ZIP_LIMITS",
    ("ZipFile", "demo.simulation.sample_files"): "writes",
    ("pikepdf.open", "evidence.files.pdf_child"): "in a child",
    ("pikepdf.open", "reports.documents.render"): "our own paper",
    ("pikepdf.open", "demo.sample_documents"): "our own paper",
    ("yaml.load", "survey.instrument.source"): "DATA_FILE_BYTES",
    ("yaml.safe_load", "accounts.management.commands.load_provinces"): "dgready.limits.read_text",
    ("yaml.safe_load", "demo.sample_file"): "our own file",
    ("yaml.safe_load", "scoring.scheme.registry"): "our own files",
    ("yaml.safe_load", "scoring.engine.recommendations"): "our own file",
    ("yaml.safe_load", "scoring.results.fitted_file"): "the text of a scheme that was read before",
}
WAITING = {"Popen", "urlopen", "create_connection", "communicate", "wait"}
OPENING = {"load_workbook", "ZipFile", "pikepdf.open", "yaml.load", "yaml.safe_load", "yaml.full_load", "Image.open"}
FORBIDDEN_MODULES = {"subprocess", "requests", "smtplib", "socket", "urllib.request", "http.client", "ftplib"}
MODULES = {
    ("subprocess", "dgready.children"): "the one place",
    ("smtplib", "accounts.mail"): "names of faults; the line is Django's, with EMAIL_TIMEOUT",
    ("smtplib", "survey.notices.delivery"): "names of faults; the line is Django's, with EMAIL_TIMEOUT",
}
# Whole files are read at once only where they are ours or of a data file's size.
OWN_FILES = {
    "demo.sample_file": "fixtures",
    "dgready.environment": "the key",
    "reports.documents.print_font": "fonts",
    "reports.documents.render": "static files",
    "reports.documents.text_layer": "a table of our own PDF",
    "reports.signing": "keys, and the paper to be signed",
    "scoring.engine.recommendations": "fixtures",
    "scoring.kpi.registry": "fixtures",
    "scoring.scheme.registry": "fixtures",
    "scoring.planning.views.action_plan": "the paper just made",
    "survey.answering.card_compiler": "templates",
    "survey.linking.registry": "fixtures",
}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Module, called name ("x.y" as written) and the call."""
    for module, path in files().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield module, ast.unparse(node.func), node


def last(name: str) -> str:
    return name.rpartition(".")[2]


def test_whatever_opens_files_or_waits_is_known() -> None:
    found = {
        (last(name) if last(name) in WAITING | OPENING else name, module)
        for module, name, _call in calls()
        if last(name) in WAITING | OPENING or name in OPENING
    }
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set()


def test_no_module_talks_to_others_by_itself() -> None:
    found = set()
    for module, path in files().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {(name, module) for name in names if name in FORBIDDEN_MODULES}
    assert found == set(MODULES)


def test_no_time_limit_is_taken_away() -> None:
    faults = [
        f"{module}:{call.lineno} {ast.unparse(keyword)}"
        for module, _name, call in calls()
        for keyword in call.keywords
        if re.search("timeout|time_limit", keyword.arg or "") and ast.unparse(keyword.value) in ("None", "0")
    ]
    assert faults == []


def test_nothing_is_read_to_its_end_whatever_its_size() -> None:
    """An upload's `.read()`, or a whole file of somebody else."""
    faults = [
        f"{module}:{call.lineno} {ast.unparse(call)}"
        for module, name, call in calls()
        if "." in name
        and (
            (last(name) in ("read", "readlines") and not call.args and not call.keywords)
            or (last(name) in ("read_text", "read_bytes") and not call.args and module not in OWN_FILES)
        )
    ]
    assert faults == []


def test_deployment_has_its_limits_too() -> None:
    gunicorn = (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    assert set(re.findall(r"^(timeout|graceful_timeout|keepalive) = \d+", gunicorn, re.MULTILINE)) == {
        "timeout",
        "graceful_timeout",
        "keepalive",
    }
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    for word in ("max_size", "read_header", "read_body", "write", "idle", "dial_timeout", "response_header_timeout"):
        assert re.search(rf"\b{word} \d+", caddy), word
    compose = (ROOT / "docker-compose.yml").read_text()
    assert compose.count("interval:") == compose.count("timeout:")


def test_every_limit_is_told_in_the_documentation() -> None:
    settings = (ROOT / "dgready" / "settings.py").read_text()
    section = settings.split("\n# -- limits --")[1].split("\n# -- ")[0]
    names = set(re.findall(r"^([A-Z][A-Z0-9_]+) = ", section, re.MULTILINE)) - {"REDIS_URL", "HURRIED"}
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in told} == set()
