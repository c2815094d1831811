"""Addresses of groups, counties and the state. None holds a name."""

app_name = "collaboratives"

group_urls: list = []
meeting_urls: list = []
recommendation_urls: list = []
barrier_urls: list = []
number_urls: list = []
open_urls: list = []

urlpatterns = [*group_urls, *meeting_urls, *recommendation_urls, *barrier_urls, *number_urls, *open_urls]
