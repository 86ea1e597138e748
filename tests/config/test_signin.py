"""Sign-in: by user name or e-mail, made by administrators only, one door for the admin too."""

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "plumb-and-level-41"


@pytest.fixture
def ada():
    return get_user_model().objects.create_user("ada", "ada@plumbline.example", PASSWORD)


@pytest.mark.parametrize("name", ["ada", "ada@plumbline.example", "ADA@plumbline.example"])
def test_user_name_and_address_both_open_the_door(client: Client, ada, name) -> None:
    response = client.post("/accounts/login/", {"login": name, "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_wrong_password_is_answered_on_the_page(client: Client, ada) -> None:
    response = client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_close_the_door_for_a_while(client: Client, ada) -> None:
    for _ in range(12):
        client.post("/accounts/login/", {"login": "ada", "password": "wrong"})
    response = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert "Too many" in response.content.decode()


def test_nobody_signs_up(client: Client) -> None:
    visitor = {"username": "eve", "email": "eve@x.example", "password1": PASSWORD, "password2": PASSWORD}
    response = client.post("/accounts/signup/", visitor)
    assert response["Location"].startswith("/accounts/login/")
    assert not get_user_model().objects.filter(username="eve").exists()


def test_a_forgotten_password_is_reset_by_mail(client: Client, ada) -> None:
    client.post("/accounts/password/reset/", {"email": "ada@plumbline.example"})
    assert [message.to for message in mail.outbox] == [["ada@plumbline.example"]]


def test_the_admin_sends_visitors_to_the_one_sign_in(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"].startswith("/accounts/login/?next=")


def test_the_admin_is_closed_to_others_without_a_loop(client: Client, ada) -> None:
    client.force_login(ada)
    assert client.get("/admin/", follow=True).status_code == 403


def test_pages_ask_visitors_to_sign_in(client: Client) -> None:
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"


def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
