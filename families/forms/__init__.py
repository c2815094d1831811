"""What people type: about a family, its people and its homes; about Family Partners."""

from families.forms.family import FamilyForm, HouseholdForm, HouseholdShareForm, PersonForm, SharedForm, check_phone
from families.forms.partners import NamingForm, PartnerForm, PartnerSearch, UnlistForm

__all__ = [
    "FamilyForm",
    "HouseholdForm",
    "HouseholdShareForm",
    "NamingForm",
    "PartnerForm",
    "PartnerSearch",
    "PersonForm",
    "SharedForm",
    "UnlistForm",
    "check_phone",
]
