"""Nothing waits or grows without a limit: read from the code (wall 14; dgready.limits, dgready.children)."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.sources import read_source
from tests.test_walls import files

ROOT = Path(__file__).resolve().parents[1]

# What opens a file of somebody else, or waits for somebody else: (name of the call, module) → why it may.
ALLOWED = {
    ("Popen", "dgready.children"): "the one place, with limits",
    ("create_connection", "dgready.guard.clamd"): "CLAMD_TIMES",
    ("wait", "dgready.children"): "with what is left of the limit",
    ("load_workbook", "dgready.guard.readers.filled_forms"): "in a child",
    ("load_workbook", "dgready.guard.readers.workbooks"): "in a child",
    ("ZipFile", "dgready.guard.readers.workbooks"): "in a child",
    ("ZipFile", "dgready.guard.readers.packages"): "in a child",
    ("ZipFile", "dgready.guard.readers.office_texts"): "in a child",
    ("Image.open", "dgready.guard.readers.page_pictures"): "in a child",
    ("Image.open", "dgready.guard.readers.images"): "in a child",
    ("Image.open", "dgready.guard.readers.photos"): "in a child",
    ("Image.open", "dgready.guard.readers.binder_images"): "in a child",
    ("pikepdf.open", "dgready.guard.readers.binder_pages"): "in a child",
    ("pikepdf.open", "dgready.guard.readers.binder_whole"): "in a child",
    ("pikepdf.open", "reports.handover.sheets"): "our own paper",
    ("pikepdf.open", "reports.handover.index_pdf"): "our own paper",
    ("ZipFile", "reports.handover.bundle"): "writes",
    ("ZipFile", "reports.jobs.making.many"): "writes",
    ("ZipFile", "reports.handover.index"): "our own workbook",
    ("wait", "reports.system.heartbeats"): "a minute, in a thread of its own",
    ("wait", "dgready.page_threads"): "with what is left of PATIENCE",
    ("ZipFile", "demo.simulation.sample_files"): "writes",
    ("pikepdf.open", "dgready.guard.readers.pdfs"): "in a child",
    ("pikepdf.open", "reports.documents.render"): "our own paper",
    ("pikepdf.open", "reports.journal.pdf"): "our own paper",
    ("pikepdf.open", "reports.management.report_all"): "our own paper",
    ("pikepdf.open", "reports.documents.signature_field"): "our own paper",
    ("pikepdf.open", "demo.sample_documents"): "our own paper",
    ("yaml.load", "dgready.yaml_source"): "size, depth and aliases; from outside by dgready.yaml_upload only",
    ("wait", "reports.jobs.heartbeat"): "BEAT_SECONDS",
    ("yaml.safe_load", "demo.sample_file"): "our own file",
    ("yaml.safe_load", "scoring.scheme.registry"): "our own files",
    ("yaml.safe_load", "scoring.engine.recommendations"): "our own file",
    ("yaml.safe_load", "nation.desk.tiles"): "our own file",
}
WAITING = {"Popen", "urlopen", "create_connection", "communicate", "wait"}
OPENING = {"load_workbook", "ZipFile", "pikepdf.open", "yaml.load", "yaml.safe_load", "yaml.full_load", "Image.open"}
FORBIDDEN_MODULES = {
    "aiohttp",
    "boto3",
    "ftplib",
    "http.client",
    "httpx",
    "redis",
    "requests",
    "smtplib",
    "socket",
    "subprocess",
    "urllib.request",
    "urllib3",
}
# What makes a client of another service, or waits for one: each with a keyword that names its time, or with options
# that hold it (`**limits.…`).
CLIENTS = {
    "AsyncClient",
    "ClientSession",
    "Config",
    "HTTPConnection",
    "HTTPSConnection",
    "HTTPTimeStamper",
    "Redis",
    "SMTP",
    "SMTP_SSL",
    "StrictRedis",
    "check_call",
    "check_output",
    "create_connection",
    "from_url",
    "urlopen",
}
REQUESTS = {"requests.get", "requests.post", "requests.put", "requests.head", "requests.request", "subprocess.run"}
MODULES = {
    ("socket", "dgready.serving.connection"): "the loop's, never waited for",
    ("socket", "dgready.serving.outgoing"): "the loop's, never waited for",
    ("socket", "dgready.serving.worker"): "the loop's, never waited for",
    ("subprocess", "dgready.children"): "the one place",
    ("smtplib", "accounts.post.connection"): "the end of a text; the line is Django's, with EMAIL_TIMEOUT",
    ("smtplib", "accounts.post.delivery"): "names of faults; the line is Django's, with EMAIL_TIMEOUT",
    ("socket", "dgready.guard.clamd"): "CLAMD_TIMES",
    ("boto3", "reports.backup.targets"): "S3_TIMES",
    ("redis", "dgready.cache"): "CACHE_TIMES",
    ("redis", "dgready.health"): "HEALTH_SECONDS",
    ("smtplib", "reports.proof.anchoring"): "names of faults; the line is Django's, with EMAIL_TIMEOUT",
    ("socket", "reports.system.heartbeats"): "the name of this machine",
    ("urllib.request", "reports.signing.outside"): "TIMESTAMP_SECONDS, REVOCATION_SECONDS for the whole answer",
}
# Whole files are read at once only where they are ours or of a data file's size.
OWN_FILES = {
    "reports.backup.making": "the settings module; a manifest, small, of a target of our own",
    "demo.sample_file": "fixtures",
    "dgready.environment": "the key",
    "reports.documents.print_font": "fonts",
    "reports.documents.render": "static files",
    "reports.documents.text_layer": "a table of our own PDF",
    "reports.documents.archive": "the metadata of our own PDF",
    "reports.signing.keys": "keys",
    "reports.signing.papers": "the paper to be signed",
    "nation.desk.tiles": "fixtures",
    "scoring.engine.recommendations": "fixtures",
    "scoring.kpi.registry": "fixtures",
    "scoring.scheme.registry": "fixtures",
    "survey.answering.card_compiler": "templates",
    "survey.linking.registry": "fixtures",
}


@cache
def calls() -> tuple[tuple[str, str, ast.Call], ...]:
    """Module, called name ("x.y" as written) and the call."""
    return tuple(
        (module, written(node.func), node) for module, path in files().items() for node in read_source(path).calls
    )


def deployed_calls() -> Iterator[tuple[str, str, ast.Call]]:
    """The same of deploy/."""
    for path in sorted((ROOT / "deploy").glob("*.py")):
        for node in read_source(path).calls:
            yield path.name, written(node.func), node


def written(function: ast.expr) -> str:
    """As ast.unparse says it, which takes its time for names with dots too: nearly all there are."""
    names, node = [], function
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ast.unparse(function)


def last(name: str) -> str:
    return name.rpartition(".")[2]


@pytest.mark.slow
def test_whatever_opens_files_or_waits_is_known() -> None:
    found = {
        (last(name) if last(name) in WAITING | OPENING else name, module)
        for module, name, _call in calls()
        if last(name) in WAITING | OPENING or name in OPENING
    }
    assert found - set(ALLOWED) == set()
    assert set(ALLOWED) - found == set()


@pytest.mark.slow
def test_no_module_talks_to_others_by_itself() -> None:
    found = set()
    for module, path in files().items():
        for node in read_source(path).imports:
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found |= {(name, module) for name in names if name in FORBIDDEN_MODULES}
    assert found == set(MODULES)


def test_every_client_is_made_with_a_limit() -> None:
    faults = [
        f"{where}:{call.lineno} {ast.unparse(call)}"
        for where, name, call in [*calls(), *deployed_calls()]
        if (last(name) in CLIENTS or name in REQUESTS)
        and not any("timeout" in (k.arg or "") or (k.arg is None and "limits" in ast.unparse(k)) for k in call.keywords)
        and "s3_options" not in ast.unparse(call)
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("code", "is_fault"),
    [
        ("urlopen(a)", True),
        ("urllib.request.urlopen(a, timeout=3)", False),
        ("Redis.from_url(url)", True),
        ("Redis.from_url(url, **limits.redis_options(t))", False),
        ("requests.get(a)", True),
        ("subprocess.run(a)", True),
        ("socket.create_connection(a, timeout=t)", False),
        ("smtplib.SMTP(host)", True),
    ],
)
def test_the_walk_finds_them(code: str, is_fault: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    monkeypatch.setattr("tests.test_unlimited.calls", lambda: [("m", ast.unparse(call.func), call)])
    if is_fault:
        with pytest.raises(AssertionError):
            test_every_client_is_made_with_a_limit()
    else:
        test_every_client_is_made_with_a_limit()


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
        and not module.startswith("dgready.guard.readers.")  # a child with a limit of memory
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
    assert "GuardedThreadWorker" in gunicorn
    nginx = (ROOT / "deploy" / "nginx.conf").read_text()
    for who, words in {
        "client": ("client_header_timeout", "client_body_timeout", "send_timeout", "keepalive_timeout"),
        "size": ("client_max_body_size", "client_header_buffer_size", "large_client_header_buffers"),
        "number": ("limit_conn address", "worker_connections"),
        "application": ("proxy_connect_timeout", "proxy_send_timeout", "proxy_read_timeout", "resolver_timeout"),
    }.items():
        assert [word for word in words if not re.search(rf"\b{word} \d+", nginx)] == [], who
    for word in ("proxy_request_buffering", "proxy_buffering"):
        assert f"{word} on;" in nginx
    compose = (ROOT / "docker-compose.yml").read_text()
    assert compose.count("interval:") == compose.count("timeout:")


def test_every_limit_is_told_in_the_documentation() -> None:
    settings = (ROOT / "dgready" / "settings.py").read_text()
    section = settings.split("\n# -- limits --")[1].split("\n# -- ")[0]
    names = set(re.findall(r"^([A-Z][A-Z0-9_]+) = ", section, re.MULTILINE)) - {"REDIS_URL", "HURRIED"}
    told = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert {name for name in names if f"`{name}`" not in told} == set()
