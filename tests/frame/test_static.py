"""Static files as they are served in earnest."""

import json
import re
from pathlib import Path

from tests.static_files import collected_static_files


def test_scripts_import_each_other_by_the_hashed_name() -> None:
    """Else the browser would load app.js twice, and every click would count twice."""
    folder = collected_static_files()
    names = json.loads((folder / "staticfiles.json").read_text())["paths"]
    hashed = {Path(name).name for name in names.values()}
    scripts = [folder / value for name, value in names.items() if name.startswith("js/")]
    assert scripts
    for script in scripts:
        imported = re.findall(r'^import .*?"\./([^"]+)"', script.read_text(), re.MULTILINE)
        assert set(imported) <= hashed, script.name
