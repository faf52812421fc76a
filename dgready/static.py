"""Static file storage with content hashes in file names, so that browsers may cache them for ever."""

from typing import ClassVar

from whitenoise.storage import CompressedManifestStaticFilesStorage

_, _IMPORT_PATTERNS = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Storage that also rewrites `import` in our own scripts: a module known by two names would run twice."""

    patterns: ClassVar = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", _IMPORT_PATTERNS))
