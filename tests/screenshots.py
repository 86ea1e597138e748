"""`./plumbline screenshots`: every page as the demo's people see it, in both widths and themes."""

import argparse
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from config import desk, processes
from tests.browser import HOW_TO_GET_ONE, Complaints, find_chromium, launch_arguments

TARGET = Path(__file__).resolve().parent.parent / "screenshots"
SIZES = {"1440": {"width": 1440, "height": 900}, "390": {"width": 390, "height": 844}}
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """One page: its address, and the link to follow from there, if any, and where from that."""

    name: str
    address: str
    follow: str = ""
    then: str = ""  # below the address of that link


SHOTS = {
    "": [Shot("signin", "/accounts/login/"), Shot("reset", "/accounts/password/reset/")],
    "rep": [
        Shot("day", "/day/"),
        Shot("follow-up", "/follow-up/"),
        Shot("triage", "/leads/"),
        Shot("triage-nothing", "/leads/?q=nobody-is-called-this"),
        Shot("lead", "/leads/", "a[data-panel]"),
        Shot("lead-compare", "/leads/", "a[data-panel]", "compare/"),
        Shot("lead-models", "/leads/", "a[data-panel]", "models/"),
        Shot("how-scored", "/scoring/"),
        Shot("lead-add", "/leads/add/"),
        Shot("board", "/board/"),
        Shot("lose", "/leads/", "a[data-panel]", "lose/"),
        Shot("life", "/leads/", "a[data-panel]", "life/"),
        Shot("ahead", "/leads/", "a[data-panel]", "ahead/"),
        Shot("bulk-move", "/leads/bulk/move/"),
        Shot("team-rep", "/team/"),
        Shot("account", "/accounts/email/"),
        Shot("missing", "/leads/999999999/"),
    ],
    "manager": [
        Shot("home", "/reports/"),
        Shot("home-deals", "/reports/month/deals/"),
        Shot("schedules", "/reports/schedules/"),
        Shot("schedule", "/reports/schedules/add/?page=reports:forecast"),
        Shot("forecast", "/reports/forecast/"),
        Shot("forecast-quarters", "/reports/forecast/?by=quarter"),
        Shot("coverage", "/reports/coverage/"),
        Shot("accuracy", "/reports/accuracy/"),
        Shot("forecast-deals", "/reports/forecast/deals/?show=open"),
        Shot("funnel", "/reports/funnel/"),
        Shot("funnel-compared", "/reports/funnel/?split=source&source=Website&against=source:~rest"),
        Shot("effectiveness", "/reports/effectiveness/"),
        Shot("effectiveness-sources", "/reports/effectiveness/?by=quarter&split=source"),
        Shot("effectiveness-deals", "/reports/effectiveness/deals/?show=won&part=hot"),
        Shot("calibration", "/reports/calibration/"),
        Shot("calibration-stage", "/reports/calibration/?stage=demo&confidence=shown"),
        Shot("profile", "/reports/profile/"),
        Shot("profile-leads", "/reports/profile/leads/"),
        Shot("distribution", "/reports/distribution/"),
        Shot("distribution-leads", "/reports/distribution/leads/?show=received&way=turn"),
        Shot("losses", "/reports/losses/"),
        Shot("sources", "/reports/sources/"),
        Shot("campaigns", "/reports/sources/?split=campaign"),
        Shot("losses-competitors", "/reports/losses/?split=competitor&measure=value"),
        Shot("targets", "/targets/"),
        Shot("target", "/targets/", "td a"),
        Shot("team", "/team/"),
        Shot("availability", "/team/", ".pl-who[href]"),
    ],
    "admin": [
        Shot("admin", "/admin/"),
        Shot("models", "/admin/scoring/scoringmodel/"),
        Shot("model", "/admin/scoring/scoringmodel/", ".pl-versions a"),
        Shot("model-start", "/admin/scoring/scoringmodel/add/"),
        Shot("simulate", "/admin/scoring/scoringmodel/2/simulate/"),
        Shot("backtest", "/admin/scoring/scoringmodel/2/backtest/"),
        Shot("suggestions", "/admin/scoring/scoringmodel/2/suggestions/"),
        Shot("calibration-adopt", "/reports/calibration/"),
        Shot("stages", "/admin/pipeline/pipeline/"),
        Shot("rates", "/admin/pipeline/exchangerate/import/"),
        Shot("stage", "/admin/pipeline/stage/", "#result_list tbody th a"),
        Shot("pools", "/admin/pipeline/routingpool/"),
        Shot("pool", "/admin/pipeline/routingpool/", "#result_list tbody th a"),
        Shot("programme", "/admin/pipeline/nurtureprogramme/", "#result_list tbody th a"),
        Shot("letter", "/admin/pipeline/mailtemplate/", "#result_list tbody th a"),
        Shot("api", "/api/v1/docs"),
    ],
}


def main() -> None:
    """Take every picture, and say what the pages complained about."""
    parser = argparse.ArgumentParser("./plumbline screenshots")
    parser.add_argument("--base-url", help="take them from what runs there; else from a program of its own")
    parser.add_argument("names", nargs="*", help="only these pages")
    options = parser.parse_args()
    if not find_chromium():
        parser.exit(1, f"{HOW_TO_GET_ONE}\n")
    complaints = Complaints()
    with program(options.base_url) as base_url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        for person, shots in SHOTS.items():
            wanted = [shot for shot in shots if not options.names or shot.name in options.names]
            if wanted:
                take_all(browser, base_url, person, wanted, complaints)
        browser.close()
    print(*complaints.sentences, f"The pictures are in {TARGET}", sep="\n")


@contextmanager
def program(base_url: str | None) -> Iterator[str]:
    """The address of a running program: the one named, or a new one with demo data."""
    if base_url:
        yield base_url
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with TemporaryDirectory() as folder:
        (logs := Path(folder) / "logs").mkdir()
        desk.prepare(empty=False)
        with processes.running(port, logs.parent) as children:
            processes.wait_until_ready(port, children)
            yield f"http://localhost:{port}"


def take_all(browser: Browser, base_url: str, person: str, shots: list[Shot], complaints: Complaints) -> None:
    """One person's pages, in every width and theme."""
    signed_in = sign_in(browser, base_url, person) if person else None
    for width, size in SIZES.items():
        for theme in THEMES:
            context = browser.new_context(
                base_url=base_url,
                viewport=size,
                color_scheme=theme,
                reduced_motion="reduce",
                storage_state=signed_in,
            )
            complaints.listen_to(context)
            for shot in shots:
                take(context, shot, f"{shot.name}-{width}-{theme}")
            context.close()


def sign_in(browser: Browser, base_url: str, person: str) -> StorageState:
    """The cookies of one of the demo's people."""
    page = browser.new_page(base_url=base_url)
    page.goto("/accounts/login/")
    page.get_by_label("User name or e-mail").fill(person)
    page.get_by_label("Password", exact=True).fill(desk.ACCOUNTS[person])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    state = page.context.storage_state()
    page.context.close()
    return state


def take(context: BrowserContext, shot: Shot, name: str) -> None:
    """What fits the screen and, where more is below, the whole length."""
    page = context.new_page()
    page.goto(shot.address)
    if shot.follow:
        link = page.locator(shot.follow)
        if not link.count():
            print(f"{name}: no link there to follow")
            return
        page.goto(link.first.get_attribute("href") + shot.then)
    page.wait_for_load_state("networkidle")
    TARGET.mkdir(exist_ok=True)
    page.screenshot(path=TARGET / f"{name}.png")
    if below := hidden_height(page):
        size = page.viewport_size
        page.set_viewport_size({"width": size["width"], "height": size["height"] + below})
        page.screenshot(path=TARGET / f"{name}-full.png", full_page=True)
    page.close()


def hidden_height(page: Page) -> int:
    """How much of the main column is scrolled out of sight; its parts scroll, not the document."""
    return page.evaluate(
        """() => {
          const inner = document.querySelectorAll(".pl-main, .pl-tablewrap, .pl-scroll");
          const hidden = (part) => part.scrollHeight - part.clientHeight;
          return Math.min(6000, Math.max(...[document.scrollingElement, ...inner].map(hidden)));
        }"""
    )


if __name__ == "__main__":
    main()
