"""The listing of the static files that each test client's handler makes anew, made once per process.

A handler loads its middleware when a client first asks, and WhiteNoise then walks the whole folder. In production
that happens once per process; here a test has a client or two.
"""

from __future__ import annotations

import pytest
from whitenoise.middleware import WhiteNoiseMiddleware


def share_static_listing(patch: pytest.MonkeyPatch) -> None:
    """From now on WhiteNoise lists a folder once per process and kind of settings."""
    listings: dict[tuple[object, ...], dict[str, object]] = {}
    walk = WhiteNoiseMiddleware.update_files_dictionary

    def shared(self: WhiteNoiseMiddleware, root: str, prefix: str) -> None:
        kind = (root, prefix, self.max_age, self.allow_all_origins, self.charset, self.index_file)
        if kind not in listings:
            before = self.files
            self.files = {}
            walk(self, root, prefix)
            listings[kind] = self.files
            self.files = before
        self.files.update(listings[kind])

    patch.setattr(WhiteNoiseMiddleware, "update_files_dictionary", shared)
