"""Addresses of groups, counties and the state. None holds a name."""

from django.urls import path

from collaboratives.views import (
    barriers,
    counties,
    group_editing,
    group_meetings,
    groups,
    minutes,
    numbers,
    open_pages,
    recommendations,
    rules,
)

app_name = "collaboratives"

_meetings = "groups/<int:group_id>/meetings/"
_meeting = f"{_meetings}<int:meeting_id>/"
_asked = "groups/<int:group_id>/recommendations/"

group_urls = [
    path("groups/", groups.group_list, name="group_list"),
    path("groups/start/", group_editing.group_found, name="group_found"),
    path("groups/seats/<int:term_id>/take/", group_editing.term_take, name="term_take"),
    path("groups/<int:group_id>/", groups.group_detail, name="group_detail"),
    path("groups/<int:group_id>/edit/", group_editing.group_edit, name="group_edit"),
    path("groups/<int:group_id>/end/", group_editing.group_end, name="group_end"),
    path("groups/<int:group_id>/history/", groups.group_history, name="group_history"),
    path("groups/<int:group_id>/statement/", group_editing.statement_sign, name="statement_sign"),
    path("groups/<int:group_id>/seats/add/", group_editing.seat_add, name="seat_add"),
    path("groups/<int:group_id>/seats/<int:seat_id>/note/", group_editing.seat_note, name="seat_note"),
    path("groups/<int:group_id>/seats/<int:seat_id>/term/", group_editing.term_start, name="term_start"),
    path("groups/<int:group_id>/terms/<int:term_id>/end/", group_editing.term_end, name="term_end"),
    path("groups/<int:group_id>/terms/<int:term_id>/renew/", group_editing.term_renew, name="term_renew"),
    path("groups/<int:group_id>/terms/<int:term_id>/office/", group_editing.office_give, name="office_give"),
    path("groups/<int:group_id>/offices/<int:office_id>/end/", group_editing.office_end, name="office_end"),
    path("counties/<str:fips>/", counties.county_detail, name="county_detail"),
    path("state/groups/", counties.state_groups, name="state_groups"),
]
meeting_urls = [
    path(_meetings, group_meetings.group_meeting_list, name="group_meeting_list"),
    path(f"{_meetings}call/", group_meetings.group_meeting_call, name="group_meeting_call"),
    path(_meeting, group_meetings.group_meeting_detail, name="group_meeting_detail"),
    path(f"{_meeting}edit/", group_meetings.group_meeting_edit, name="group_meeting_edit"),
    path(f"{_meeting}cancel/", group_meetings.group_meeting_cancel, name="group_meeting_cancel"),
    path(f"{_meeting}answer/", group_meetings.group_meeting_answer, name="group_meeting_answer"),
    path(f"{_meeting}agenda/add/", minutes.agenda_add, name="agenda_add"),
    path(f"{_meeting}agenda/<int:item_id>/", minutes.agenda_edit, name="agenda_edit"),
    path(f"{_meeting}attendance/", minutes.group_attendance, name="group_attendance"),
    path(f"{_meeting}hold/", minutes.group_meeting_hold, name="group_meeting_hold"),
    path(f"{_meeting}decisions/add/", minutes.group_decision_add, name="group_decision_add"),
    path(f"{_meeting}decisions/<int:decision_id>/", minutes.group_decision_edit, name="group_decision_edit"),
    path(f"{_meeting}minutes/", minutes.minutes_edit, name="minutes_edit"),
    path(f"{_meeting}minutes/approve/", minutes.minutes_approve, name="minutes_approve"),
    path(f"{_meeting}minutes/print/", minutes.minutes_print, name="minutes_print"),
]
recommendation_urls = [
    path(_asked, recommendations.recommendation_list, name="recommendation_list"),
    path(f"{_asked}add/", recommendations.recommendation_add, name="recommendation_add"),
    path(f"{_asked}<int:recommendation_id>/edit/", recommendations.recommendation_edit, name="recommendation_edit"),
    path(
        f"{_asked}<int:recommendation_id>/answer/", recommendations.recommendation_answer, name="recommendation_answer"
    ),
    path("state/recommendations/", recommendations.state_recommendations, name="state_recommendations"),
]
barrier_urls = [
    path("barriers/", barriers.barrier_list, name="barrier_list"),
    path("barriers/<int:barrier_id>/", barriers.barrier_detail, name="barrier_detail"),
    path("barriers/<int:barrier_id>/take-up/", barriers.barrier_take_up, name="barrier_take_up"),
    path("barriers/<int:barrier_id>/pass-on/", barriers.barrier_pass_on, name="barrier_pass_on"),
    path("barriers/<int:barrier_id>/give-back/", barriers.barrier_give_back, name="barrier_give_back"),
    path("barriers/<int:barrier_id>/answer/", barriers.barrier_answer, name="barrier_answer"),
]
number_urls = [
    path("state/", numbers.state_overview, name="state_overview"),
    path("state/export/", numbers.numbers_export, name="numbers_export"),
    path("counties/<str:fips>/numbers/", numbers.county_numbers, name="county_numbers"),
]
rule_urls = [
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/<slug:kind>/change/", rules.rule_change, name="rule_change"),
    path("rules/<slug:kind>/take-back/", rules.rule_take_back, name="rule_take_back"),
]
open_urls = [
    path("open/", open_pages.open_meetings, name="open_meetings"),
    path("open/groups/<int:group_id>/", open_pages.open_group, name="open_group"),
    path("open/meetings/<int:meeting_id>/", open_pages.open_meeting, name="open_meeting"),
]

urlpatterns = [
    *group_urls, *meeting_urls, *recommendation_urls, *barrier_urls, *number_urls, *rule_urls, *open_urls,
]  # fmt: skip
