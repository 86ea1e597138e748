"""The addresses of leads and people, in one namespace, of the board and of the team."""

from django.urls import include, path

from leads.urls import urlpatterns as people_pages
from pipeline.views import (
    board,
    bulk,
    day,
    deals,
    entry,
    leads,
    nurture,
    qualifying,
    scores,
    targets,
    team,
    triage,
    trust,
    work,
)

lead_pages = [
    path("day/", day.my_day, name="day"),
    path("leads/", triage.lead_list, name="list"),
    path("leads/add/", entry.lead_add, name="add"),
    path("leads/bulk/owner/", bulk.bulk_assign, name="bulk_assign"),
    path("leads/bulk/status/", bulk.bulk_status, name="bulk_status"),
    path("leads/bulk/move/", bulk.bulk_move, name="bulk_move"),
    path("leads/bulk/win/", bulk.bulk_win, name="bulk_win"),
    path("leads/bulk/lose/", bulk.bulk_lose, name="bulk_lose"),
    path("leads/bulk/reopen/", bulk.bulk_reopen, name="bulk_reopen"),
    path("leads/<int:pk>/", leads.lead_detail, name="detail"),
    path("leads/<int:pk>/edit/", entry.lead_edit, name="edit"),
    path("leads/<int:pk>/timeline/", leads.lead_timeline, name="timeline"),
    path("leads/<int:pk>/compare/", scores.lead_compare, name="compare"),
    path("leads/<int:pk>/models/", scores.lead_models, name="models"),
    path("leads/<int:pk>/fresh/", leads.lead_fresh, name="fresh"),
    path("leads/<int:pk>/move/", deals.lead_move, name="move"),
    path("leads/<int:pk>/ahead/", board.lead_ahead, name="ahead"),
    path("leads/<int:pk>/life/", leads.lead_life, name="life"),
    path("leads/<int:pk>/win/", deals.lead_win, name="win"),
    path("leads/<int:pk>/lose/", deals.lead_lose, name="lose"),
    path("leads/<int:pk>/reopen/", deals.lead_reopen, name="reopen"),
    path("leads/<int:pk>/deal/", deals.lead_deal, name="deal"),
    path("leads/<int:pk>/confidence/", deals.lead_confidence, name="confidence"),
    path("leads/<int:pk>/category/", deals.lead_category, name="category"),
    path("leads/<int:pk>/release/", deals.lead_release, name="release"),
    path("leads/<int:pk>/activity/", work.lead_activity, name="activity"),
    path("leads/<int:pk>/activity/<int:activity_pk>/review/", trust.lead_review, name="review"),
    path("leads/<int:pk>/task/", work.lead_task, name="task"),
    path("leads/<int:pk>/task/<int:task_pk>/", work.lead_task_edit, name="task_edit"),
    path("leads/<int:pk>/task/<int:task_pk>/snooze/", work.lead_task_snooze, name="task_snooze"),
    path("leads/<int:pk>/task/<int:task_pk>/done/", work.lead_task_done, name="task_done"),
    path("leads/<int:pk>/status/", work.lead_status, name="status"),
    path("leads/<int:pk>/qualify/", qualifying.lead_qualify, name="qualify"),
    path("leads/<int:pk>/disqualify/", qualifying.lead_disqualify, name="disqualify"),
    path("leads/<int:pk>/reject/", qualifying.lead_reject, name="reject"),
    path("leads/<int:pk>/recycle/", qualifying.lead_recycle, name="recycle"),
    path("leads/<int:pk>/requalify/", qualifying.lead_requalify, name="requalify"),
    path("leads/<int:pk>/comment/", trust.lead_comment, name="comment"),
    path("leads/<int:pk>/exclude/", trust.lead_exclude, name="exclude"),
    path("leads/<int:pk>/include/", trust.lead_include, name="include"),
    path("leads/<int:pk>/programme/stop/", nurture.programme_stop, name="programme_stop"),
    path("leads/<int:pk>/owner/", work.lead_assign, name="assign"),
    path("leads/<int:pk>/answer/<int:question_pk>/", work.lead_answer, name="answer"),
]
board_pages = [
    path("", board.board, name="board"),
    path("stages/<int:stage_pk>/cards/", board.board_cards, name="cards"),
]
target_pages = [
    path("", targets.target_list, name="targets"),
    path("<str:key>/<int:year>/", targets.target_edit, name="target_edit"),
]
work_pages = [path("board/", include(board_pages)), path("targets/", include(target_pages))]
team_pages = [
    path("", team.team, name="team"),
    path("<int:pk>/", team.availability, name="availability"),
    path("<int:pk>/absences/", team.absence_add, name="absence_add"),
    path("<int:pk>/absences/<int:absence_pk>/remove/", team.absence_remove, name="absence_remove"),
    path("<int:pk>/take-over/", team.take_over, name="take_over"),
    path("takeovers/<int:pk>/give-back/", team.give_back, name="give_back"),
]
urlpatterns = [
    path("", include(([*lead_pages, *people_pages], "leads"))),
    path("", include((work_pages, "pipeline"))),
    path("team/", include((team_pages, "team"))),
]
