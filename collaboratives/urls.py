"""Addresses of groups, counties and the state. None holds a name."""

from django.urls import path

from collaboratives.views import counties, group_editing, groups

app_name = "collaboratives"

group_urls: list = [
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
meeting_urls: list = []
recommendation_urls: list = []
barrier_urls: list = []
number_urls: list = []
open_urls: list = []

urlpatterns = [*group_urls, *meeting_urls, *recommendation_urls, *barrier_urls, *number_urls, *open_urls]
