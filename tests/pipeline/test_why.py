"""Long groups of an explanation: what is in sight, what is behind the fold, and that nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.why import SLACK, UNFOLDED, fold, laid_out, tell
from scoring.explanations import ExplainedGroup, Explanation, Line

LINES = st.lists(
    st.builds(Line, st.sampled_from(["Page", "Mail"]), st.integers(-99, 99), st.just("x")), max_size=30
)


@given(LINES)
def test_what_is_in_sight_and_behind_the_fold_adds_up_to_all_lines(lines):
    folded = fold(ExplainedGroup("Website", "engagement", 0, tuple(lines)))

    assert len(folded.shown) + len(folded.behind) == len(lines)
    assert sum(line.points for line in folded.shown) + folded.behind_points == sum(
        line.points for line in lines
    )
    assert bool(folded.behind) == (len(lines) > UNFOLDED + SLACK)


def test_maximum_and_not_the_best_stand_apart_from_the_rules():
    bound = Line(None, -97, "This group gives 20 at most", tone="cap")

    folded = fold(ExplainedGroup("Website", "engagement", 200, (bound, Line("Page", 297, "today"))))

    assert [line.name for line in folded.shown] == ["Page"]
    assert folded.bounds == [bound]


def test_a_line_does_not_say_its_name_twice_nor_the_site_of_a_page():
    assert tell(Line("Webinar attended", 15, "Webinar attended, today")).how == "today"
    assert tell(Line("Pricing", 15, "Page viewed https://www.example.com/pricing, today")).how == (
        "Page viewed /pricing, today"
    )


def test_fit_stands_before_engagement():
    groups = [ExplainedGroup("Website", "engagement", 1, ()), ExplainedGroup("Size", "fit", 2, ())]
    explanation = Explanation("scored", total=0, fit=2, engagement=1, groups=groups)

    assert [(side.name, side.points, len(side.groups)) for side in laid_out(explanation)] == [
        ("Fit", 2, 1),
        ("Engagement", 1, 1),
    ]
