"""The pages about a family: what matters to it, its people, its homes."""

from families.views.family import family_detail, family_edit
from families.views.homes import household_add, household_edit, household_share_end, household_sharing
from families.views.people import person_add, person_edit, person_end

__all__ = [
    "family_detail",
    "family_edit",
    "household_add",
    "household_edit",
    "household_share_end",
    "household_sharing",
    "person_add",
    "person_edit",
    "person_end",
]
