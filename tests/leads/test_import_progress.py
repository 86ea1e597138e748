"""How far an import has come: a bar for people, lines for logs."""

from io import StringIO

from django.core.management.base import OutputWrapper

from leads.imports.progress import Progress


class Terminal(StringIO):
    def isatty(self):
        return True


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def test_a_terminal_shows_a_bar_that_goes_away_at_the_end():
    stream = Terminal()
    progress = Progress("Leads.csv", 9_240, OutputWrapper(stream))

    progress.show(4_620)

    assert "Leads.csv ███████████████░░░░░░░░░░░░░░░  50%  4,620 of 9,240" in stream.getvalue()
    progress.finish()
    assert stream.getvalue().endswith("\r\x1b[K")


def test_more_rows_than_thought_never_overflow_the_bar():
    stream = Terminal()

    Progress("Leads.csv", 10, OutputWrapper(stream)).show(12)

    assert "100%  12 of 10" in stream.getvalue()


def test_elsewhere_a_plain_line_comes_every_few_seconds():
    stream, clock = StringIO(), Clock()
    progress = Progress("Leads.csv", 9_240, OutputWrapper(stream), clock)

    for done in range(1_000, 9_000, 1_000):
        clock.seconds += 2
        progress.show(done)
    progress.finish()

    assert stream.getvalue().splitlines() == [
        "Leads.csv: 3,000 of 9,240 rows",
        "Leads.csv: 6,000 of 9,240 rows",
    ]
