"""Addresses of teams: `/teams/<team>/...`, the county worklist, search and invitations. None holds a name."""

from django.urls import include, path

from teams.views import (
    answer_links,
    answers,
    archive,
    barriers,
    calendar,
    copies,
    covers,
    ending,
    feedback,
    invitations,
    items,
    looks,
    meetings,
    members,
    ordering,
    partners,
    plan,
    plan_compare,
    plan_frozen,
    polls,
    recording,
    records,
    referral_moves,
    referrals,
    search,
    sharing,
    steps,
    talk,
    team,
    watching,
    worklist,
)

app_name = "teams"

member_urls = [
    path("", members.member_list, name="member_list"),
    path("propose/", members.member_propose, name="member_propose"),
    path("<int:membership_id>/choose/", members.member_choose, name="member_choose"),
    path("<int:membership_id>/accept/", members.member_accept, name="member_accept"),
    path("<int:membership_id>/end/", members.member_end, name="member_end"),
    path("<int:membership_id>/facilitator/", members.member_facilitate, name="member_facilitate"),
    path("<int:membership_id>/invite/", members.member_invite, name="member_invite"),
    path("<int:membership_id>/copies/", records.copy_way_edit, name="copy_way_edit"),
]

sharing_urls = [
    path("", sharing.sharing_detail, name="sharing_detail"),
    path("<int:membership_id>/", sharing.sharing_edit, name="sharing_edit"),
    path("<int:membership_id>/<str:section>/", sharing.sharing_toggle, name="sharing_toggle"),
    path("grants/give/", sharing.grant_give, name="grant_give"),
    path("grants/<int:grant_id>/end/", sharing.grant_end, name="grant_end"),
]

plan_urls = [
    path("", plan.plan_detail, name="plan_detail"),
    path("print/", plan.plan_print, name="plan_print"),
    path("copies/", copies.plan_copies, name="plan_copies"),
    path("copies/<str:kind>/", copies.plan_copy, name="plan_copy"),
    path("agree/", plan.plan_agree, name="plan_agree"),
    path("put-forward/", plan.plan_put_forward, name="plan_put_forward"),
    path("versions/<int:number>/take-back/", plan.plan_take_back, name="plan_take_back"),
    path("answer/", plan.plan_answer, name="plan_answer"),
    path("answers/<int:membership_id>/note/", answers.answer_note, name="answer_note"),
    path("answers/<int:answer_id>/settle/", answers.answer_settle, name="answer_settle"),
    path("compare/", plan_compare.plan_compare, name="plan_compare"),
    path("history/", plan.plan_history, name="plan_history"),
    path("versions/<int:number>/", plan_frozen.plan_version, name="plan_version"),
    path("dates/", plan.plan_dates, name="plan_dates"),
    path("covers/mandate/<int:mandate_id>/", covers.cover_mandate, name="cover_mandate"),
    path("covers/element/<int:element_id>/", covers.cover_element, name="cover_element"),
    path("pulse/", watching.plan_pulse, name="plan_pulse"),
    path("order/<str:kind>/", ordering.items_order, name="items_order"),
    path("order/<str:kind>/<int:item_id>/", ordering.item_move, name="item_move"),
    path("steps/<int:step_id>/done/", plan.step_done, name="step_done"),
    path("steps/<int:step_id>/help/", plan.step_help, name="step_help"),
    path("steps/<int:step_id>/not-done/", steps.step_not_done, name="step_not_done"),
]

# `kind` is a key of `access.ITEMS`; what an added item belongs to comes as `?under=<number>`.
item_urls = [
    path("<str:kind>/add/", items.item_add, name="item_add"),
    path("<str:kind>/<int:item_id>/edit/", items.item_edit, name="item_edit"),
    path("<str:kind>/<int:item_id>/end/", items.item_end, name="item_end"),
    path("<str:kind>/<int:item_id>/restore/", items.item_restore, name="item_restore"),
    path("<str:kind>/<int:item_id>/history/", items.item_history, name="item_history"),
]

meeting_urls = [
    path("", meetings.meeting_list, name="meeting_list"),
    path("call/", meetings.meeting_call, name="meeting_call"),
    path("<int:meeting_id>/", meetings.meeting_detail, name="meeting_detail"),
    path("<int:meeting_id>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("<int:meeting_id>/cancel/", meetings.meeting_cancel, name="meeting_cancel"),
    path("<int:meeting_id>/answer/", meetings.meeting_answer, name="meeting_answer"),
    path("<int:meeting_id>/attendance/", meetings.attendance_edit, name="attendance_edit"),
    path("<int:meeting_id>/print/", meetings.meeting_print, name="meeting_print"),
    path("<int:meeting_id>/copy/", copies.meeting_copy, name="meeting_copy"),
    path("<int:meeting_id>/waive/", polls.meeting_waive, name="meeting_waive"),
    path("<int:meeting_id>/link/<int:membership_id>/", answer_links.meeting_link, name="meeting_link"),
    path("times/ask/", polls.poll_ask, name="poll_ask"),
    path("times/<int:poll_id>/", polls.poll_detail, name="poll_detail"),
    path("times/<int:poll_id>/edit/", polls.poll_edit, name="poll_edit"),
    path("times/<int:poll_id>/offer/", polls.poll_offer, name="poll_offer"),
    path("times/<int:poll_id>/slots/<int:slot_id>/end/", polls.slot_end, name="slot_end"),
    path("times/<int:poll_id>/answer/", polls.poll_answer, name="poll_answer"),
    path("times/<int:poll_id>/answer/<int:membership_id>/", polls.poll_answer_note, name="poll_answer_note"),
    path("times/<int:poll_id>/choose/<int:slot_id>/", polls.poll_choose, name="poll_choose"),
    path("times/<int:poll_id>/end/", polls.poll_end, name="poll_end"),
    path("times/<int:poll_id>/link/<int:membership_id>/", answer_links.poll_link, name="poll_link"),
    path("<int:meeting_id>/write/", recording.meeting_record, name="meeting_record"),
    path("<int:meeting_id>/write/news/", recording.record_news, name="record_news"),
    path("<int:meeting_id>/write/guests/add/", recording.guest_add, name="guest_add"),
    path("<int:meeting_id>/write/guests/<int:guest_id>/", recording.attendance_tap, name="attendance_tap"),
    path("<int:meeting_id>/write/goals/<int:goal_id>/", recording.goal_rate, name="goal_rate"),
    path("<int:meeting_id>/topics/<int:topic_id>/move/", recording.topic_move, name="topic_move"),
    path("<int:meeting_id>/topics/<int:topic_id>/note/", items.topic_note, name="topic_note"),
    path("<int:meeting_id>/topics/<int:topic_id>/outcome/", recording.topic_outcome, name="topic_outcome"),
    path("<int:meeting_id>/record/", records.record_detail, name="record_detail"),
    path("<int:meeting_id>/record/approve/", records.record_approve, name="record_approve"),
    path("<int:meeting_id>/record/open/", records.record_open, name="record_open"),
    path("<int:meeting_id>/record/copies/<int:membership_id>/", records.copy_note, name="copy_note"),
    path("<int:meeting_id>/record/<int:number>/", records.record_version, name="record_version"),
    path("<int:meeting_id>/feedback/", feedback.feedback_edit, name="feedback_edit"),
    path("<int:meeting_id>/feedback/<int:guest_id>/", feedback.feedback_note, name="feedback_note"),
]

referral_urls = [
    path("", referrals.referral_list, name="referral_list"),
    path("add/", referrals.referral_add, name="referral_add"),
    path("<int:referral_id>/", referrals.referral_detail, name="referral_detail"),
    path("<int:referral_id>/edit/", referrals.referral_edit, name="referral_edit"),
    path("<int:referral_id>/send/", referral_moves.referral_send, name="referral_send"),
    path("<int:referral_id>/move/", referral_moves.referral_move, name="referral_move"),
    path("<int:referral_id>/visit/", referral_moves.referral_visit, name="referral_visit"),
    path("<int:referral_id>/stop/", referral_moves.referral_stop, name="referral_stop"),
    path("<int:referral_id>/link/", referral_moves.referral_link_send, name="referral_link_send"),
    path("<int:referral_id>/link/end/", referral_moves.referral_link_end, name="referral_link_end"),
]

barrier_urls = [
    path("", barriers.barrier_list, name="barrier_list"),
    path("raise/", barriers.barrier_raise, name="barrier_raise"),
    path("<int:raised_id>/edit/", barriers.barrier_edit, name="barrier_edit"),
    path("<int:raised_id>/send/", barriers.barrier_send, name="barrier_send"),
    path("<int:raised_id>/end/", barriers.barrier_end, name="barrier_end"),
    path("join/<int:barrier_id>/", barriers.barrier_join, name="barrier_join"),
]

_talk = "items/<str:kind>/<int:item_id>/talk/"
talk_urls = [
    path(_talk, talk.item_talk, name="item_talk"),
    path(_talk + "<int:comment_id>/end/", talk.comment_end, name="comment_end"),
    path(_talk + "suggest/", talk.suggestion_add, name="suggestion_add"),
    path(_talk + "suggest/<int:suggestion_id>/answer/", talk.suggestion_answer, name="suggestion_answer"),
    path(_talk + "suggest/<int:suggestion_id>/end/", talk.suggestion_end, name="suggestion_end"),
]

ending_urls = [
    path("", ending.ending_detail, name="ending_detail"),
    path("begin/", ending.ending_begin, name="ending_begin"),
    path("give-up/", ending.ending_give_up, name="ending_give_up"),
    path("word/", ending.ending_word, name="ending_word"),
    path("word/<int:membership_id>/", ending.ending_word_note, name="ending_word_note"),
    path("close/", ending.ending_close, name="ending_close"),
]

archive_urls = [
    path("", archive.archive_detail, name="archive_detail"),
    path("file/", archive.archive_file, name="archive_file"),
]

calendar_urls = [
    path("", calendar.calendar_page, name="calendar"),
    path("address/", calendar.calendar_address_make, name="calendar_address_make"),
    path("address/end/", calendar.calendar_address_end, name="calendar_address_end"),
    path("team/<int:meeting_id>.ics", calendar.calendar_team_file, name="calendar_team_file"),
    path("group/<int:meeting_id>.ics", calendar.calendar_group_file, name="calendar_group_file"),
    path("feed/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
]

team_urls = [
    path("", team.team_detail, name="team_detail"),
    path("members/", include(member_urls)),
    path("sharing/", include(sharing_urls)),
    path("looks/", looks.look_list, name="look_list"),
    path("plan/", include(plan_urls)),
    path("", include(talk_urls)),
    path("items/", include(item_urls)),
    path("meetings/", include(meeting_urls)),
    path("partners/<int:partner_id>/ask/", partners.partner_ask, name="partner_ask"),
    path("referrals/", include(referral_urls)),
    path("barriers/", include(barrier_urls)),
    path("ending/", include(ending_urls)),
    path("archive/", include(archive_urls)),
]

urlpatterns = [
    path("teams/", team.team_list, name="team_list"),
    path("teams/ask/", team.team_ask, name="team_ask"),
    path("teams/<int:team_id>/", include(team_urls)),
    path("invited/<int:membership_id>/", invitations.own_invitation_answer, name="own_invitation_answer"),
    path("invitation/", invitations.invitation_code, name="invitation_code"),
    path("invitation/<str:token>/", invitations.invitation_link, name="invitation_link"),
    path("answer/<str:token>/", answer_links.answer_link, name="answer_link"),
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/export/", worklist.worklist_export, name="worklist_export"),
    path("worklist/filters/save/", worklist.filter_save, name="filter_save"),
    path("worklist/filters/<int:filter_id>/end/", worklist.filter_end, name="filter_end"),
    path("calendar/", include(calendar_urls)),
    path("steps/", steps.step_list, name="step_list"),
    path("search/", search.search, name="search"),
]
