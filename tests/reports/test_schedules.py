"""Reports by mail: once a period whatever happens, with each reader's own figures, until it is stopped."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.actions import delete_view, save_view
from leads.exports import csv_file
from leads.models import Notification, Organisation, Outbox, SavedView
from leads.tasks import deliver_outbox
from reports.actions import (
    CannotBeSent,
    NotYourReport,
    leave_schedule,
    resume_schedule,
    schedule_report,
    send_due_reports,
    send_report_now,
    stop_schedule,
)
from reports.catalogue import CATALOGUE
from reports.models import ReportIssue, ReportSchedule
from reports.rhythms import When
from reports.tasks import send_reports
from reports.urls import urlpatterns
from tests.factories_pipeline import TargetFactory
from tests.reports.facts import NOON, WON, Fact, write
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

MONDAY, FIRST = When("weekly", weekday=1), When("monthly", day=1)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NEXT_MONDAY = datetime(2026, 6, 22, 7, tzinfo=UTC)  # the tests' day is Monday the 15th, at noon
BOOK = [
    Fact(outcome=WON, closed_on=date(2026, 6, 2), value=Decimal(4000), owner=0, closed_owner=0),
    Fact(expected_close_on=date(2026, 6, 30), value=Decimal(10_000), confidence=20, owner=2),
]

WORDLESS = {"reports:distribution", "reports:profile"}  # no lead of the book was routed, too few have closed


@pytest.fixture
def keep(manager):
    """Saves a view of a report; its owner is the manager of North unless said."""

    def save(page="reports:forecast", query="", name="Monday round", by=manager) -> SavedView:
        return save_view(name, page=page, query=query, by=by)

    return save


def deliver() -> None:
    """What waits, as if it had been written on the day of the test: the database has the true time."""
    Outbox.objects.filter(sent_at=None).update(created_at=NOON - DAY)
    deliver_outbox()


def send(at: datetime) -> int:
    """A beat at that moment, and the outbox after it."""
    number = send_due_reports(by=None, at=at)
    deliver()
    return number


def sentence_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("page", CATALOGUE)
def test_every_report_can_be_sent(keep, manager, people, page):
    write(BOOK, people)
    TargetFactory(month=date(2026, 6, 1), team=manager.managed_teams.get())
    schedule = schedule_report(keep(page), when=MONDAY, by=manager)
    send_report_now(schedule, by=manager)
    deliver()
    (letter,) = mail.outbox
    assert letter.to == [manager.email]
    assert letter.subject.startswith(f"Monday round: {CATALOGUE[page].name}, ")
    assert f"https://localhost{reverse(page)}" in letter.body or reverse(page) in letter.body
    assert f"/reports/schedules/{schedule.pk}/stop/" in letter.body
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    assert CATALOGUE[page].name in html
    ((name, content, _),) = letter.attachments
    assert name.endswith("-2026-06-15.csv")
    _head, *rows = csv.reader(content.splitlines())
    assert bool(rows) == (page not in WORDLESS)
    assert "None" not in letter.body + html


def test_no_report_page_with_saved_views_is_missing():
    names = {pattern.name for pattern in urlpatterns}
    reports = {f"reports:{name}" for name in names if {f"{name}_csv", f"{name}_xlsx"} <= names}
    assert reports == set(CATALOGUE)


def test_the_letter_has_the_figures_of_the_page_and_its_finding(client, keep, manager, people):
    write(BOOK, people)
    view = keep("reports:forecast", "start=2026-06-01&end=2026-06-30")
    schedule_report(view, when=MONDAY, by=manager)
    assert send(NEXT_MONDAY) == 1
    letter = mail.outbox[0]
    assert letter.subject == "Monday round: Forecast, Jun 2026"
    assert "Won: €4,000" in letter.body
    assert "No target is set for Jun 2026." in letter.body
    rows = list(csv.reader(letter.attachments[0][1].splitlines()))
    client.force_login(manager)
    page = client.get("/reports/forecast/csv/?start=2026-06-01&end=2026-06-30")
    assert rows == list(csv.reader(page.getvalue().decode().splitlines()))


def test_each_reader_gets_the_figures_that_they_may_see(keep, manager, alice, bob, people):
    write(BOOK, people)
    schedule_report(keep(query="start=2026-06-01"), when=MONDAY, readers=[alice, bob], by=manager)
    send(NEXT_MONDAY)
    by_reader = {letter.to[0]: letter.body for letter in mail.outbox}
    assert set(by_reader) == {manager.email, alice.email, bob.email}
    assert "Won: €4,000" in by_reader[alice.email]
    assert "Won: €0" in by_reader[bob.email]


def test_a_view_without_days_is_the_usual_period_when_it_is_sent(keep, manager, time_machine):
    schedule_report(keep("reports:coverage"), when=FIRST, by=manager)
    for moment, period in [((2026, 7, 1), "Jul 2026"), ((2026, 8, 1), "Aug 2026")]:
        time_machine.move_to(datetime(*moment, 8, tzinfo=UTC), tick=False)
        send(datetime(*moment, 8, tzinfo=UTC))
        assert mail.outbox[-1].subject == f"Monday round: Coverage, {period}"


def test_it_goes_out_at_seven_where_the_organisation_is_and_once_a_week(keep, manager):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "America/New_York"})
    schedule_report(keep(), when=MONDAY, by=manager)
    seven = datetime(2026, 6, 22, 7, tzinfo=ZoneInfo("America/New_York"))
    minute = timedelta(minutes=1)
    moments = [seven - minute, seven, seven + minute, seven + 3 * DAY, seven + WEEK, seven + WEEK + minute]
    assert [send(moment) for moment in moments] == [0, 1, 0, 0, 1, 0]
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)], ids=["forward", "back"])
def test_a_change_of_clocks_moves_nothing(keep, manager, sunday, time_machine):
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    berlin = ZoneInfo("Europe/Berlin")
    seven = datetime(sunday.year, sunday.month, sunday.day, 7, tzinfo=berlin)
    time_machine.move_to(seven - 2 * DAY, tick=False)
    schedule_report(keep(), when=When("weekly", weekday=7), by=manager)
    step = timedelta(minutes=15)
    start = datetime(sunday.year, sunday.month, sunday.day, tzinfo=berlin).astimezone(UTC)
    sent = [start + step * number for number in range(120) if send(start + step * number)]
    assert [moment.astimezone(berlin) for moment in sent] == [seven]


def test_after_a_time_without_a_beat_it_goes_out_once(keep, manager):
    schedule_report(keep(), when=MONDAY, by=manager)
    late = NEXT_MONDAY + 5 * WEEK + 2 * DAY
    assert [send(late), send(late + DAY), send(NEXT_MONDAY + 6 * WEEK)] == [1, 0, 1]
    assert list(ReportIssue.objects.order_by("pk").values_list("period", flat=True)) == [
        date(2026, 7, 27),
        date(2026, 8, 3),
    ]


def test_what_was_due_before_it_was_set_is_not_sent(keep, manager):
    schedule_report(keep(), when=MONDAY, by=manager)  # on a Monday, after seven
    assert send(NOON + DAY) == 0


def test_a_month_that_is_shorter_sends_on_its_last_day(keep, manager):
    schedule_report(keep(), when=When("monthly", day=31), by=manager)
    days = [datetime(2026, 6, 1, 9, tzinfo=UTC) + DAY * number for number in range(14, 120)]
    assert [day.date() for day in days if send(day)] == [
        date(2026, 6, 30),
        date(2026, 7, 31),
        date(2026, 8, 31),
    ]


def test_a_task_that_is_tried_again_sends_nothing_twice(keep, manager, time_machine):
    schedule_report(keep(), when=MONDAY, by=manager)
    time_machine.move_to(NEXT_MONDAY, tick=False)
    send_reports()
    send_reports()
    deliver()
    deliver()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_beats_at_once_one_sends(keep, manager):
    schedule_report(keep(), when=MONDAY, by=manager)
    both = Barrier(2)

    def beat() -> int:
        both.wait()
        try:
            return send_due_reports(by=None, at=NEXT_MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        sent = [beat.result() for beat in [threads.submit(beat) for _ in range(2)]]
    assert sorted(sent) == [0, 1]
    assert (ReportIssue.objects.count(), Outbox.objects.count()) == (1, 1)


def test_the_table_itself_holds_one_issue_a_period(keep, manager):
    schedule_report(keep(), when=MONDAY, by=manager)
    assert send(NEXT_MONDAY) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportIssue.objects.create(schedule=ReportSchedule.objects.get(), period=NEXT_MONDAY.date())


def test_a_letter_that_fails_is_tried_again_and_stops_no_other(keep, manager, alice, monkeypatch):
    send_it = EmailMultiAlternatives.send

    def fail_for_alice(message, **how):
        if message.to == [alice.email]:
            raise OSError("no server")
        return send_it(message, **how)

    schedule_report(keep(), when=MONDAY, readers=[alice], by=manager)
    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", fail_for_alice)
        send(NEXT_MONDAY)
    assert [letter.to for letter in mail.outbox] == [[manager.email]]
    waiting = Outbox.objects.get(sent_at=None)
    assert waiting.attempts == 1
    deliver()
    assert [letter.to for letter in mail.outbox] == [[manager.email], [alice.email]]


def test_a_deleted_view_and_a_deactivated_owner_end_it(keep, manager, admin):
    first, second = keep(), keep(by=admin)
    for view, owner in [(first, manager), (second, admin)]:
        schedule_report(view, when=MONDAY, by=owner)
    delete_view(first, by=manager)
    admin.is_active = False
    admin.save()
    assert send(NEXT_MONDAY) == 0
    assert not ReportSchedule.objects.filter(view__user=manager).exists()


def test_what_ends_between_the_beat_and_the_letter_is_not_sent(keep, manager, alice, bob):
    schedule = schedule_report(keep(), when=MONDAY, readers=[alice, bob], by=manager)
    send_due_reports(by=None, at=NEXT_MONDAY)
    leave_schedule(schedule, by=alice)
    bob.is_active = False
    bob.save()
    deliver()
    assert [letter.to for letter in mail.outbox] == [[manager.email]]
    send_due_reports(by=None, at=NEXT_MONDAY + WEEK)
    stop_schedule(schedule, by=manager)
    deliver()
    assert len(mail.outbox) == 1


def test_stopped_it_rests_and_resumed_it_does_not_make_up_for_it(keep, manager, time_machine):
    schedule = schedule_report(keep(), when=MONDAY, by=manager)
    stop_schedule(schedule, by=manager)
    assert send(NEXT_MONDAY) == 0
    time_machine.move_to(NEXT_MONDAY + DAY, tick=False)
    resume_schedule(schedule, by=manager)
    assert [send(NEXT_MONDAY + DAY), send(NEXT_MONDAY + WEEK)] == [0, 1]


def test_a_reader_who_may_not_see_what_is_asked_gets_nothing_and_the_owner_is_told(keep, admin, alice, bob):
    schedule_report(keep(query="owner=bob", by=admin), when=MONDAY, readers=[alice, bob], by=admin)
    send(NEXT_MONDAY)
    assert {letter.to[0] for letter in mail.outbox} == {admin.email, bob.email}
    told = Notification.objects.get()
    assert (told.user, told.kind) == (admin, "report_due")
    assert told.text.startswith("“Monday round” was not sent to Alice Abel. There is no owner “bob”")


def test_a_currency_without_a_rate_is_in_the_letters_file(keep, manager, people):
    write([Fact(expected_close_on=date(2026, 6, 30), currency="CHF")], people)
    schedule_report(keep(), when=MONDAY, by=manager)
    send(NEXT_MONDAY)
    assert "No exchange rate,,,CHF" in mail.outbox[0].attachments[0][1]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"page": "leads:list"}, "This page is no report that can be sent."),
        ({"reader": "charlie"}, "Charlie Cole is not among the people whose leads you see."),
        ({"query": "team=South"}, "There is no team “South” among those that you can see."),
        ({"query": "start=2026-06-02&end=2026-06-01"}, "The period ends on 2026-06-01, before it begins"),
        ({"query": "start=1990-01-01&end=2089-12-31"}, "A report covers at most 5 years."),
        ({"query": "owner=nobody"}, "There is no owner “nobody”"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(keep, people, change, sentence):
    view = keep(change.get("page", "reports:forecast"), change.get("query", ""))
    readers = [user for user in people if user.username == change.get("reader")]
    with pytest.raises(CannotBeSent) as refused:
        schedule_report(view, when=MONDAY, readers=readers, by=view.user)
    assert sentence in refused.value.sentence


def test_without_an_address_nobody_gets_anything(keep, manager, alice):
    alice.email = ""
    alice.save()
    with pytest.raises(CannotBeSent, match="Alice Abel has no e-mail address"):
        schedule_report(keep(), when=MONDAY, readers=[alice], by=manager)
    manager.email = ""
    manager.save()
    with pytest.raises(CannotBeSent, match="You have no e-mail address"):
        schedule_report(keep(), when=MONDAY, by=manager)


def test_only_the_owner_changes_and_sends(keep, manager, admin):
    view = keep()
    schedule = schedule_report(view, when=MONDAY, by=manager)
    for verb in (stop_schedule, resume_schedule, send_report_now):
        with pytest.raises(NotYourReport):
            verb(schedule, by=admin)
    with pytest.raises(NotYourReport):
        schedule_report(view, when=MONDAY, by=admin)


def test_by_hand_it_goes_out_at_once_but_not_twice_in_ten_minutes(keep, manager, time_machine):
    schedule = schedule_report(keep(), when=MONDAY, by=manager)
    send_report_now(schedule, by=manager)
    with pytest.raises(CannotBeSent, match="went out a moment ago"):
        send_report_now(schedule, by=manager)
    time_machine.move_to(NOON + timedelta(minutes=11), tick=False)
    send_report_now(schedule, by=manager)
    deliver()
    assert len(mail.outbox) == 2
    assert send(NEXT_MONDAY) == 1  # what is due is due all the same
    stop_schedule(schedule, by=manager)
    with pytest.raises(CannotBeSent, match="is stopped"):
        send_report_now(schedule, by=manager)


def test_twenty_schedules_cost_a_beat_as_many_statements_as_one(keep, manager, alice):
    schedule_report(keep(), when=MONDAY, readers=[alice], by=manager)
    one = statements_of(lambda: send_due_reports(by=None, at=NEXT_MONDAY))
    for number in range(20):
        schedule_report(keep(name=f"View {number}"), when=MONDAY, readers=[alice], by=manager)
    assert statements_of(lambda: send_due_reports(by=None, at=NEXT_MONDAY + WEEK)) == one


def test_a_file_ends_where_a_letter_would_grow_too_large():
    rows = [["=1+1", number] for number in range(1000)]
    assert csv_file(rows[:2], most=1000) == b"'=1+1,0\r\n'=1+1,1\r\n"
    short = csv_file(rows, most=1000)
    assert len(short) <= 1000
    assert short.endswith(b"The file ends here. The page has all rows.\r\n")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["weekly", "monthly"]),
    st.integers(1, 7),
    st.integers(1, 31),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)),  # noqa: DTZ001
)
def test_the_day_is_the_latest_of_the_calendar_whose_hour_has_come(rhythm, weekday, day, now):
    when, last = When(rhythm, weekday, day), None
    for ago in range(70):
        other = now.date() - DAY * ago
        is_last = (other + DAY).month != other.month
        fits = other.isoweekday() == weekday if rhythm == "weekly" else other.day == day
        fits = fits or (rhythm == "monthly" and is_last and other.day < day)
        if fits and (ago or now.hour >= 7):
            last = other
            break
    assert when.last_day(now) == last
    assert when.next_day(now) > last
    assert when.last_day(datetime.combine(when.next_day(now), now.time().replace(hour=8))) == when.next_day(
        now
    )


# Pages


@pytest.fixture
def as_manager(client, manager, alice):
    client.force_login(manager)
    return client


ASKED = "/reports/schedules/add/?page=reports%3Aforecast&query=by%3Dquarter"
SENT = {"name": "Quarters", "rhythm": "monthly", "weekday": "1", "day": "3"}


def test_it_is_set_from_the_report_and_listed(as_manager, manager, alice):
    page = sentence_of(as_manager.get("/reports/forecast/?by=quarter"))
    assert ASKED.replace("%3Aforecast&", ":forecast&amp;") in page
    assert "Alice Abel" in sentence_of(as_manager.get(ASKED))
    assert as_manager.post(ASKED, {**SENT, "readers": [alice.pk]}).headers["Location"] == (
        "/reports/schedules/"
    )
    schedule = ReportSchedule.objects.get()
    assert (schedule.view.query, schedule.when, list(schedule.readers.all())) == (
        "by=quarter",
        When("monthly", 1, 3),
        [alice],
    )
    page = sentence_of(as_manager.get("/reports/schedules/"))
    for words in ("Quarters", "Forecast", "on day 3 of every month", "you, Alice Abel", "Fri 3 Jul"):
        assert words in page


def test_a_view_that_was_saved_already_keeps_its_name(as_manager, keep):
    keep(query="by=quarter", name="My quarters")
    assert 'value="My quarters"' in sentence_of(as_manager.get(ASKED))


@pytest.mark.parametrize(
    ("wrong", "status", "sentence"),
    [
        ({"name": ""}, 422, "This field is required."),
        ({"day": "32"}, 422, "A month has the days 1 to 31."),
        ({"readers": ["0"]}, 422, "Choose among the people that are offered."),
    ],
)
def test_a_wrong_form_says_why(as_manager, wrong, status, sentence):
    response = as_manager.post(ASKED, SENT | wrong)
    assert response.status_code == status
    assert sentence in sentence_of(response)
    assert not ReportSchedule.objects.exists()


def test_what_is_refused_saves_no_view(as_manager):
    response = as_manager.post("/reports/schedules/add/?page=reports:forecast&query=team%3DX", SENT)
    assert response.status_code == 409
    assert "There is no team “X”" in sentence_of(response)
    assert not SavedView.objects.exists()


def test_a_page_that_is_no_report_is_nowhere(as_manager):
    assert as_manager.get("/reports/schedules/add/?page=leads:list").status_code == 404


def test_it_is_changed_stopped_resumed_and_sent(as_manager, keep, manager, alice):
    schedule = schedule_report(keep(), when=MONDAY, by=manager)
    address = f"/reports/schedules/{schedule.pk}/"
    assert 'value="Monday round"' in sentence_of(as_manager.get(address))
    as_manager.post(address, SENT | {"readers": [alice.pk]})
    schedule.refresh_from_db()
    assert (schedule.rhythm, schedule.view.name) == ("monthly", "Monday round")
    as_manager.post(f"{address}send/")
    deliver()
    assert len(mail.outbox) == 2
    assert "Wait ten minutes" in sentence_of(as_manager.post(f"{address}send/", follow=True))
    assert "Stop sending it" in sentence_of(as_manager.get(f"{address}stop/"))
    assert "Stopped" in sentence_of(as_manager.post(f"{address}stop/", follow=True))
    as_manager.post(f"{address}resume/")
    schedule.refresh_from_db()
    assert schedule.is_active


def test_a_reader_leaves_and_the_others_stay(client, keep, manager, alice, bob):
    schedule = schedule_report(keep(), when=MONDAY, readers=[alice, bob], by=manager)
    client.force_login(alice)
    assert "Get it no more" in sentence_of(client.get(f"/reports/schedules/{schedule.pk}/stop/"))
    client.post(f"/reports/schedules/{schedule.pk}/stop/")
    schedule.refresh_from_db()
    assert (list(schedule.readers.all()), schedule.is_active) == ([bob], True)
    assert client.get(f"/reports/schedules/{schedule.pk}/stop/").status_code == 404
    assert "No report is sent to you" in sentence_of(client.get("/reports/schedules/"))


def test_a_rep_sends_reports_to_nobody_else(client, alice):
    client.force_login(alice)
    assert "Also to" not in sentence_of(client.get(ASKED))
    client.post(ASKED, SENT)
    assert list(ReportSchedule.objects.get().readers.all()) == []


def test_twenty_schedules_cost_the_list_as_many_statements_as_one(as_manager, keep, manager, alice):
    schedule_report(keep(), when=MONDAY, readers=[alice], by=manager)
    one = statements_of(lambda: as_manager.get("/reports/schedules/"))
    for number in range(20):
        schedule_report(keep(name=f"View {number}"), when=MONDAY, readers=[alice], by=manager)
    assert statements_of(lambda: as_manager.get("/reports/schedules/")) == one
