"""Commands that make accounts and keys."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leads.keys import hash_key
from leads.models import ApiKey, User
from leads.roles import ADMINISTRATOR, SALES_MANAGER, SALES_REP, role_of

pytestmark = pytest.mark.django_db


def test_a_key_is_printed_alone_on_the_last_line(alice):
    out, beside = StringIO(), StringIO()
    call_command("create_api_key", "Website", user="alice", stdout=out, stderr=beside)
    assert ApiKey.objects.get().hash == hash_key(out.getvalue().splitlines()[-1])


def test_a_key_for_nobody_or_of_a_taken_name_is_refused_in_a_sentence(alice):
    with pytest.raises(CommandError, match="There is no active user “nobody”"):
        call_command("create_api_key", "Website", user="nobody")
    call_command("create_api_key", "Website", user="alice", stdout=StringIO(), stderr=StringIO())
    with pytest.raises(CommandError, match="There is already a key “Website”"):
        call_command("create_api_key", "Website", user="alice")


def test_demo_accounts_are_made_once_and_left_alone():
    call_command("create_demo_users")
    users = {user.username: role_of(user) for user in User.objects.all()}
    assert users == {"rep": SALES_REP, "manager": SALES_MANAGER, "admin": ADMINISTRATOR}
    assert User.objects.get(username="rep").check_password("plumbline-rep")
    User.objects.get(username="rep").delete()
    User.objects.filter(username="admin").update(first_name="Changed")
    call_command("create_demo_users")
    assert User.objects.count() == 3
    assert User.objects.get(username="admin").first_name == "Changed"
