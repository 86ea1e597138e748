"""API keys are shown once, kept as a digest, and end for good."""

import pytest

from config.refusals import Refusal
from leads.actions import create_api_key, revoke_api_key
from leads.keys import hash_key
from leads.models import ApiKey

pytestmark = pytest.mark.django_db


def test_only_the_digest_of_a_key_is_kept(alice, admin):
    key, plain = create_api_key("Website", alice, by=admin)
    stored = ApiKey.objects.values().get(pk=key.pk)
    assert stored["hash"] == hash_key(plain)
    assert plain not in map(str, stored.values())
    assert plain.startswith(stored["prefix"])


def test_a_name_is_used_once(alice, admin):
    create_api_key("Website", alice, by=admin)
    with pytest.raises(Refusal, match="There is already a key “Website”"):
        create_api_key(" Website ", alice, by=admin)


def test_a_revoked_key_keeps_the_moment_of_its_end(alice, admin):
    key, _ = create_api_key("Website", alice, by=admin)
    revoked_at = revoke_api_key(key, by=admin).revoked_at
    assert revoked_at
    assert revoke_api_key(key, by=admin).revoked_at == revoked_at
