"""What betrays a machine, and that a person is not taken for one."""

from datetime import UTC, datetime, timedelta

import pytest

from leads.machines import Hit, sign_of, signs_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PERSON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0"


@pytest.mark.parametrize(
    ("properties", "url", "sign"),
    [
        ({"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "", "Known bot"),
        ({"user_agent": "python-requests/2.32"}, "", "Known bot: python-requests"),
        ({"user_agent": f"{PERSON} HeadlessChrome/130"}, "", "Known bot: headlesschrome"),
        ({"user_agent": "GoogleImageProxy (via ggpht.com)"}, "", "Gmail’s image proxy"),
        ({"user_agent": PERSON, "host": "eu-smtp-1.mimecast.com"}, "", "Mail gateway: Mimecast"),
        ({"user_agent": PERSON, "method": "HEAD"}, "", "A HEAD request, which reads nothing"),
        ({"user_agent": PERSON, "method": "head"}, "", "A HEAD request"),
        ({"honeypot": True}, "", "Followed a link that no person can see"),
        ({}, "https://example.com/plumbline-honeypot/?m=1", "Followed a link that no person can see"),
    ],
)
def test_a_machine_betrays_itself(properties, url, sign):
    assert sign in sign_of(url, properties)


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"user_agent": PERSON, "method": "GET", "host": "dsl-12.example.net"},
        {"user_agent": None, "method": None, "honeypot": False},
        {"user_agent": 7},
        {"user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari"},
    ],
)
def test_a_person_does_not(properties):
    assert sign_of("https://example.com/robots-and-bots", properties) == ""


def hit(number, kind, seconds, url="/a", *, message="m1", lead=1):
    return Hit(number, lead, kind, NOON + timedelta(seconds=seconds), url, {"message": message})


def test_three_links_within_seconds_of_delivery_are_a_machines():
    hits = [
        hit(1, "email_delivered", 0),
        *(hit(number, "email_click", 10 + number, f"/{number}") for number in (2, 3, 4)),
    ]
    signs = signs_of(hits)

    assert set(signs) == {2, 3, 4}
    assert signs[2] == "3 links of one mail within 2 s, right after its delivery"


@pytest.mark.parametrize(
    "clicks",
    [
        pytest.param([(20, "/1"), (24, "/2")], id="two links"),
        pytest.param([(20, "/1"), (22, "/1"), (24, "/1"), (26, "/1")], id="one link many times"),
        pytest.param([(20, "/1"), (40, "/2"), (60, "/3")], id="as slowly as a person"),
        pytest.param([(3600, "/1"), (3602, "/2"), (3604, "/3")], id="long after delivery, in tabs"),
    ],
)
def test_fewer_links_or_slower_or_later_are_a_persons(clicks):
    hits = [hit(1, "email_delivered", 0)]
    hits += [hit(number, "email_click", seconds, url) for number, (seconds, url) in enumerate(clicks, 2)]

    assert signs_of(hits) == {}


def test_links_of_other_mails_and_leads_are_not_counted_together():
    hits = [hit(1, "email_delivered", 0), hit(2, "email_click", 20, "/1"), hit(3, "email_click", 21, "/2")]
    others = [hit(4, "email_click", 22, "/3", message="m2"), hit(5, "email_click", 22, "/3", lead=2)]

    assert signs_of(hits + others) == {}


def test_nobody_opens_a_mail_in_a_second_or_clicks_in_four():
    hits = [hit(1, "email_delivered", 0), hit(2, "email_open", 1), hit(3, "email_click", 4)]
    slower = [hit(1, "email_delivered", 0), hit(2, "email_open", 2), hit(3, "email_click", 5)]

    assert set(signs_of(hits)) == {2, 3}
    assert signs_of(slower) == {}


def test_without_a_delivery_nothing_is_too_early_nor_too_many():
    assert signs_of([hit(number, "email_click", number, f"/{number}") for number in range(5)]) == {}


def test_whoever_follows_the_hidden_link_followed_the_others_too():
    hits = [
        hit(1, "email_click", 100, "/1"),
        hit(2, "email_click", 130, "https://x.example/plumbline-honeypot"),
        hit(3, "email_click", 300, "/2"),
    ]

    assert set(signs_of(hits)) == {1, 2}
