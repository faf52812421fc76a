"""Static files as they are served in earnest."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command


@pytest.mark.slow
def test_scripts_import_each_other_by_the_hashed_name(settings: Any, tmp_path: Path) -> None:
    """Else the browser would load app.js twice, and every click would count twice."""
    settings.STATIC_ROOT = str(tmp_path / "static")
    # The names are the same without compressing, which takes longest.
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "svg", "ttf", "woff"]
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "static" / "staticfiles.json").read_text())["paths"]
    hashed = {Path(name).name for name in names.values()}
    scripts = [tmp_path / "static" / value for name, value in names.items() if name.startswith("js/")]
    assert scripts
    for script in scripts:
        imported = re.findall(r'^import .*?"\./([^"]+)"', script.read_text(), re.MULTILINE)
        assert set(imported) <= hashed, script.name
