"""The reviewed file of the sample province."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from django.conf import settings

PrintLine = Callable[[str], None]
SampleData = Mapping[str, Any]
SAMPLE_FILE: Final = settings.BASE_DIR / "fixtures" / "demo" / "nong-khai.yaml"


def load_sample(path: Path = SAMPLE_FILE) -> SampleData:
    """The reviewed file of the sample province."""
    data: SampleData = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data
