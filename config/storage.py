"""Static files as they are served: hashed names, compressed, without pointers to source maps."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

SOURCE_MAPS = {
    ".css": re.compile(rb"/\*[#@]\s*sourceMappingURL=[^*]*\*/"),
    ".js": re.compile(rb"^//[#@]\s*sourceMappingURL=.*$", re.MULTILINE),
}

# Our modules name each other, and a browser keeps what it knows by name.
OWN_IMPORT = (r"""(?P<matched>from "(?P<url>\./[\w/]+\.js)")""", 'from "%(url)s"')


class ServedFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # not annotated
    """The manifest refuses a pointer to a file that is not there, and the maps are not served."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (OWN_IMPORT,)))

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Strip the pointers from the collected copies, then hash and compress these."""
        if dry_run:
            return
        for path in paths:
            _strip(Path(self.path(path)))
        yield from super().post_process({path: (self, path) for path in paths}, **options)


def _strip(file: Path) -> None:
    pointer = SOURCE_MAPS.get(file.suffix)
    if pointer and pointer.search(text := file.read_bytes()):
        file.write_bytes(pointer.sub(b"", text))
