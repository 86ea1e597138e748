"""The system's Chromium for journeys: where it is, how it starts, and what it must never say."""

import os
import shutil
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, ConsoleMessage, WebError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HOW_TO_GET_ONE = (
    "There is no Chromium. On Debian: apt-get install chromium; else name one in PLUMBLINE_CHROMIUM."
)
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
]
REFUSED_REQUEST = (
    "Failed to load resource: the server responded with a status of 4"  # 404, 409, 422 are answers
)


def find_chromium() -> str | None:
    """The browser's path, or None."""
    chosen = os.environ.get("PLUMBLINE_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, NAMES)), None)


def is_required() -> bool:
    """No journey may be skipped here."""
    return os.environ.get("PLUMBLINE_REQUIRE_BROWSER") == "1"


def launch_arguments() -> dict[str, object]:
    """What Playwright needs to start it; the sandbox does not work for root."""
    return {"executable_path": find_chromium(), "chromium_sandbox": os.geteuid() != 0, "args": QUIET}


@dataclass
class Complaints:
    """Everything a page complained about: script errors and reports of the content security policy."""

    sentences: list[str] = field(default_factory=list)

    def listen_to(self, context: BrowserContext) -> None:
        context.on("console", self._note_message)
        context.on("weberror", self._note_error)

    def _note_message(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED_REQUEST):
            self.sentences.append(f"{message.location.get('url')}: {message.text}")

    def _note_error(self, error: WebError) -> None:
        self.sentences.append(str(error.error))
