"""How a reading of a family's record is told to the family, in plain words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Look(models.TextChoices):
    """What somebody opened, printed or took with them."""

    TEAM = "team_read", _("Opened the team page")
    MEMBERS = "members_read", _("Opened the list of people on the team")
    FAMILY = "family_read", _("Opened the page about the family")
    HOME = "home_read", _("Saw the team on their first page")
    HOUSEHOLD = "household_read", _("Saw an address or phone number")
    SHARING = "sharing_read", _("Opened the page about what is shared")
    LOOKS = "looks_read", _("Opened the list of who looked")
    PLAN = "plan_read", _("Opened the plan")
    PLAN_PRINT = "plan_printed", _("Printed the plan")
    VERSION = "version_read", _("Opened an agreed plan")
    HISTORY = "history_read", _("Opened the history of something")
    ITEM = "item_read", _("Opened something to change it")
    MEETINGS = "meetings_read", _("Opened the list of meetings")
    RECORD = "record_read", _("Opened a meeting")
    RECORD_PRINT = "record_printed", _("Printed a meeting record")
    RECORD_VERSION = "record_version_read", _("Opened an approved meeting record")
    REFERRALS = "referrals_read", _("Opened the list of help you asked for")
    REFERRAL = "referral_read", _("Opened a request for help")
    REFERRALS_GOT = "referrals_received", _("Saw your request in the list of those they got")
    REFERRAL_GOT = "referral_received", _("Opened a request for help that you sent to them")
    BARRIERS = "barriers_read", _("Opened the page about what stands in the way")
    SEARCH = "search_found", _("Found something in a search")
    WORKLIST = "worklist_read", _("Saw the team on the county worklist")
    EXPORT = "worklist_exported", _("Saved the county worklist as a file")
