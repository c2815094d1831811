"""Addresses of groups, counties and the state. None holds a name."""

from django.urls import path

from collaboratives.views import barriers

app_name = "collaboratives"

group_urls: list = []
meeting_urls: list = []
recommendation_urls: list = []
barrier_urls: list = [
    path("barriers/", barriers.barrier_list, name="barrier_list"),
    path("barriers/<int:barrier_id>/", barriers.barrier_detail, name="barrier_detail"),
    path("barriers/<int:barrier_id>/take-up/", barriers.barrier_take_up, name="barrier_take_up"),
    path("barriers/<int:barrier_id>/pass-on/", barriers.barrier_pass_on, name="barrier_pass_on"),
    path("barriers/<int:barrier_id>/give-back/", barriers.barrier_give_back, name="barrier_give_back"),
    path("barriers/<int:barrier_id>/answer/", barriers.barrier_answer, name="barrier_answer"),
]
number_urls: list = []
open_urls: list = []

urlpatterns = [*group_urls, *meeting_urls, *recommendation_urls, *barrier_urls, *number_urls, *open_urls]
