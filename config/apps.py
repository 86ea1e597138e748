"""Which files of the installed packages are served."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class ServedFiles(StaticFilesConfig):
    """Static files without what no page asks for."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "*.map", "flags", "redoc*"]
