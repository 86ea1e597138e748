"""One spelling for addresses, domains, phone numbers and countries; a sentence for what is none."""

import pytest
from django.core.exceptions import ValidationError

from leads.addresses import company_domain, country_code, normal_domain, normal_email, normal_phone


@pytest.mark.parametrize(
    ("reader", "given", "stored"),
    [
        (normal_email, "  ", ""),
        (normal_email, " Ines.Mattern@ACME.example", "ines.mattern@acme.example"),
        (normal_domain, "", ""),
        (normal_domain, "https://www.Acme.example:443/about?x=1", "acme.example"),
        (normal_domain, "müller.example", "xn--mller-kva.example"),
        (normal_phone, "", ""),
        (normal_phone, "+49 (0)30 123 4567", "+49301234567"),
        (country_code, "", ""),
        (country_code, "de", "DE"),
        (country_code, "Germany", "DE"),
        (country_code, "united states", "US"),
        (country_code, "Korea", "KR"),
    ],
)
def test_it_is_stored_in_one_spelling(reader, given, stored):
    assert reader(given) == stored


@pytest.mark.parametrize(
    ("reader", "given"),
    [
        (normal_email, "ines@"),
        (normal_email, "ines mattern@acme.example"),
        (normal_domain, "acme"),
        (normal_domain, "acme .example"),
        (normal_domain, "-acme.example"),
        (normal_phone, "call me"),
        (normal_phone, "030 1234567"),
        (country_code, "Atlantis"),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(reader, given):
    with pytest.raises(ValidationError, match="“"):
        reader(given)


def test_a_phone_number_may_do_without_its_country_code_where_the_country_is_known():
    assert normal_phone("030 1234567", "DE") == "+49301234567"


def test_a_free_mailbox_names_no_company():
    assert company_domain("ines@acme.example") == "acme.example"
    assert company_domain("ines@gmail.com") == ""
