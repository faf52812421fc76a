"""Office documents as PDF, by LibreOffice without a screen: a profile, a home and fonts of its own each time. PURE."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from dgready.children import ChildFault, run_limited_child
from dgready.limits import ChildLimits
from evidence.renditions.thai_fonts import fontconfig_file

KINDS: Final = frozenset({"docx", "xlsx", "pptx", "odt", "ods", "odp"})
PROGRAM: Final = "soffice"
_TRIAL: Final = ChildLimits(seconds=5, processor_seconds=2, memory=256 << 20, output=4096)

# Macros are never run, nothing is fetched, linked documents and fields stay as they are; no proxy leads outside.
_SETTINGS: Final = (
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Common/Misc", "FirstRun", "false"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def is_installed() -> bool:
    """Whether LibreOffice is there."""
    return shutil.which(PROGRAM) is not None


def write_rendition(source: Path, kind: str, target: Path, fonts: Path, limits: ChildLimits) -> None:
    """Writes the PDF of an office document to `target`. Raises ChildFault.

    `fonts`: the folder of the Sarabun faces. All that LibreOffice writes lies in a folder that is removed afterwards.
    """
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="office-") as name:
        folder = Path(name)
        document = folder / f"document.{kind}"  # the kind that the guard saw, whatever the file was called
        shutil.copyfile(source, document)
        _write_profile(folder / "profile")
        done = run_limited_child(
            _command(folder, document),
            limits,
            environment={
                "HOME": name,
                "TMPDIR": name,
                "XDG_CACHE_HOME": f"{name}/cache",
                "XDG_CONFIG_HOME": f"{name}/config",
                "FONTCONFIG_FILE": str(fontconfig_file(folder, fonts)),
                "SAL_USE_VCLPLUGIN": "svp",
            },
        )
        made = folder / "out" / "document.pdf"
        if not made.is_file() or not made.stat().st_size:
            said = done.errors[-150:].decode(errors="replace").strip()
            raise ChildFault(f"no PDF was made (exit {done.code}) {said}".strip())
        made.replace(target)


def _command(folder: Path, document: Path) -> list[str]:
    office = [
        PROGRAM,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder / "out"),
        str(document),
    ]
    return [*_without_network(), *office]


@cache
def _without_network() -> tuple[str, ...]:
    """What runs a program in a network of its own, where nobody is; nothing where this machine does not allow it."""
    words = ("unshare", "--user", "--map-root-user", "--net", "--")
    if shutil.which("unshare") is None:
        return ()
    try:
        return () if run_limited_child([*words, "true"], _TRIAL).code else words
    except ChildFault:
        return ()


def _write_profile(folder: Path) -> None:
    """The settings of LibreOffice, as its own profile keeps them."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{escape(value)}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = folder / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
