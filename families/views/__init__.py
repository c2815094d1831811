"""The pages about a family: what matters to it, its people, its homes; and about Family Partners."""

from families.views.family import family_detail, family_edit
from families.views.homes import household_add, household_edit, household_share_end, household_sharing
from families.views.partner_profile import naming_end, partner_name, partner_profile, partner_unlist
from families.views.partners import partner_become, partner_detail, partner_list
from families.views.people import person_add, person_edit, person_end

__all__ = [
    "family_detail",
    "family_edit",
    "household_add",
    "household_edit",
    "household_share_end",
    "household_sharing",
    "naming_end",
    "partner_become",
    "partner_detail",
    "partner_list",
    "partner_name",
    "partner_profile",
    "partner_unlist",
    "person_add",
    "person_edit",
    "person_end",
]
