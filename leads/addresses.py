"""E-mail addresses, domains, phone numbers and countries, each in its one spelling."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django_countries import countries
from email_validator import EmailNotValidError, validate_email

DOMAIN = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+\Z")
WORLDWIDE = {
    # free mailboxes: their domain names no company
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com",
    "me.com", "aol.com", "gmx.de", "gmx.net", "web.de", "proton.me", "protonmail.com", "mail.com",
}  # fmt: skip


def normal_email(text: str) -> str:
    """The address in small letters; empty stays empty."""
    if not text.strip():
        return ""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise ValidationError(f"“{text.strip()}” is no e-mail address.") from error


def normal_domain(text: str) -> str:
    """A web address or domain as a bare domain: https://www.Example.com/about → example.com."""
    host = re.sub(r"^[a-z]+://", "", text.strip().lower()).split("/")[0].split(":")[0].rstrip(".")
    domain = host.removeprefix("www.")
    if not domain:
        return ""
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = ""
    if len(ascii_domain) > 253 or not DOMAIN.match(ascii_domain):
        raise ValidationError(f"“{text.strip()}” is no domain such as example.com.")
    return ascii_domain


def company_domain(email: str) -> str:
    """The domain of an e-mail address when it may name a company; empty for free mailboxes."""
    domain = email.rpartition("@")[2].lower()
    return "" if domain in WORLDWIDE else domain


def normal_phone(text: str, region: str = "") -> str:
    """The number as E.164, such as +4930123456; `region` is the country of numbers written without +."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as error:
        raise ValidationError(
            f"“{text.strip()}” is no phone number with its country code, such as +49 30 123456."
        ) from error
    if not phonenumbers.is_possible_number(number):
        raise ValidationError(f"“{text.strip()}” is too long or too short for a phone number.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_code(text: str) -> str:
    """The two letters of a country given by code or English name; empty stays empty."""
    name = text.strip()
    code = name.upper() if name.upper() in countries.countries else COUNTRY_NAMES.get(name.lower(), "")
    code = code or countries.by_name(name)
    if name and not code:
        raise ValidationError(f"“{name}” is no country that is known by code or English name.")
    return code


COUNTRY_NAMES = {
    "united states": "US", "usa": "US", "united kingdom": "GB", "uk": "GB", "great britain": "GB",
    "korea": "KR", "south korea": "KR", "russia": "RU", "vietnam": "VN", "iran": "IR", "taiwan": "TW",
    "czech republic": "CZ", "ivory coast": "CI", "turkey": "TR", "uae": "AE", "holland": "NL",
}  # fmt: skip
