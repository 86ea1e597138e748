"""What betrays a machine in what came over a wire, rather than a person: pure.

What is looked at stands in an activity's properties: `user_agent`, `method`, `host` (the name of the caller's
address), `message` (which mail it was about), `honeypot`; and the moment, beside that of the mail's delivery.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

HONEYPOT = "/plumbline-honeypot"  # the path of a link that no reader of a page or mail can see
GATEWAYS = {  # in the name of the program or of the address it called from
    "mimecast": "Mimecast",
    "barracuda": "Barracuda",
    "proofpoint": "Proofpoint",
    "pphosted": "Proofpoint",
    "messagelabs": "Symantec",
    "safelinks": "Microsoft Safe Links",
    "protection.outlook": "Microsoft Defender",
    "microsoft office existence": "Microsoft Defender",
    "ironport": "Cisco IronPort",
    "trendmicro": "Trend Micro",
    "fortiguard": "FortiMail",
    "sophos": "Sophos",
    "googleimageproxy": "Gmail’s image proxy",
    "yahoomailproxy": "Yahoo’s mail proxy",
}
BOTS = (
    "googlebot", "bingbot", "yandexbot", "baiduspider", "duckduckbot", "applebot", "ahrefsbot", "semrushbot",
    "mj12bot", "dotbot", "petalbot", "gptbot", "twitterbot", "linkedinbot", "discordbot", "slackbot",
    "telegrambot", "bingpreview", "facebookexternalhit", "embedly", "whatsapp", "skypeuripreview",
    "headlesschrome", "phantomjs", "puppeteer", "playwright", "selenium", "lighthouse", "uptimerobot",
    "pingdom", "curl/", "wget/", "python-requests", "python-urllib", "aiohttp", "httpx/", "go-http-client",
    "java/", "okhttp", "libwww-perl", "scrapy", "axios/", "node-fetch", "crawler", "spider", "slurp",
    "bot/", "bot;",
)  # fmt: skip
ASKS_ONLY = {"HEAD", "OPTIONS"}  # methods of programs that look whether something is there

DELIVERED, OPENED, CLICKED = "email_delivered", "email_open", "email_click"
ABOUT_MAIL = {DELIVERED, OPENED, CLICKED}
READING = {OPENED: timedelta(seconds=2), CLICKED: timedelta(seconds=5)}  # no person is faster
MANY_LINKS = 3
BURST = timedelta(seconds=10)  # from the first of many links to the last
SOON = timedelta(seconds=60)  # from delivery to the first of many links, or between honeypot and other links


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that came over a wire; `message` is empty where nobody said which mail it was about."""

    number: int
    lead_id: int
    kind: str
    at: datetime
    url: str = ""
    properties: Mapping[str, object] = field(default_factory=dict)

    @property
    def mail(self) -> tuple[int, str]:
        """The mail of this lead that it was about."""
        return self.lead_id, str(self.properties.get("message") or "")


def sign_of(url: str, properties: Mapping[str, object]) -> str:
    """Why this hit alone is no person's, in a sentence; empty when nothing speaks against one."""
    known = f"{properties.get('user_agent') or ''} {properties.get('host') or ''}".lower()
    method = str(properties.get("method") or "").upper()
    if properties.get("honeypot") or urlsplit(url).path.rstrip("/").endswith(HONEYPOT):
        return "Followed a link that no person can see"
    if gateway := next((name for token, name in GATEWAYS.items() if token in known), ""):
        return f"Mail gateway: {gateway}"
    if bot := next((token for token in BOTS if token in known), ""):
        return f"Known bot: {bot.strip('/;')}"
    return f"A {method} request, which reads nothing" if method in ASKS_ONLY else ""


def signs_of(hits: Iterable[Hit]) -> dict[int, str]:
    """Why hits are no person's, seen together with others about the same mail; by their numbers."""
    mails: dict[tuple[int, str], list[Hit]] = defaultdict(list)
    for hit in sorted(hits, key=lambda hit: hit.at):
        mails[hit.mail].append(hit)
    return {number: sign for mail in mails.values() for number, sign in _of_mail(mail)}


def _of_mail(hits: Sequence[Hit]) -> Iterator[tuple[int, str]]:
    """The last sign of a hit is the strongest."""
    deliveries = [hit.at for hit in hits if hit.kind == DELIVERED]
    for hit in hits:
        sent_at = max((at for at in deliveries if at <= hit.at), default=None)
        if hit.kind in READING and sent_at and hit.at - sent_at < READING[hit.kind]:
            yield hit.number, "Came before a person could have read the mail"
    clicks = [hit for hit in hits if hit.kind == CLICKED]
    for burst in _bursts(clicks):
        if any(timedelta() <= burst[0].at - at <= SOON for at in deliveries):
            links = len({hit.url for hit in burst})
            seconds = round((burst[-1].at - burst[0].at).total_seconds())
            sentence = f"{links} links of one mail within {seconds} s, right after its delivery"
            yield from ((hit.number, sentence) for hit in burst)
    traps = [hit.at for hit in clicks if sign_of(hit.url, hit.properties).startswith("Followed")]
    for hit in clicks:
        if any(abs(hit.at - at) <= SOON for at in traps):
            yield hit.number, "Whoever clicked followed a link that no person can see"


def _bursts(clicks: Sequence[Hit]) -> Iterator[list[Hit]]:
    """Clicks on many different links within seconds, from each click on."""
    for place, first in enumerate(clicks):
        together = [hit for hit in clicks[place:] if hit.at - first.at <= BURST]
        if len({hit.url for hit in together}) >= MANY_LINKS:
            yield together
