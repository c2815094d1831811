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
    VERSION = "version_read", _("Opened a version of the plan")
    COMPARE = "versions_compared", _("Compared a version of the plan with another one")
    COPY = "plan_copied", _("Took a copy of the plan")
    FRIDGE = "fridge_copied", _("Took a copy of the page for the refrigerator")
    CRISIS = "crisis_copied", _("Took a copy of the crisis plan")
    HISTORY = "history_read", _("Opened the history of something")
    ITEM = "item_read", _("Opened something to change it")
    MEETINGS = "meetings_read", _("Opened the list of meetings")
    CALENDAR = "calendar_read", _("Saw in their calendar when the team meets")
    RECORD = "record_read", _("Opened a meeting")
    RECORD_PRINT = "record_printed", _("Printed a meeting record")
    RECORD_COPY = "record_copied", _("Took a copy of a meeting record")
    RECORD_VERSION = "record_version_read", _("Opened an approved meeting record")
    REFERRALS = "referrals_read", _("Opened the list of help you asked for")
    REFERRAL = "referral_read", _("Opened a request for help")
    REFERRALS_GOT = "referrals_received", _("Saw your request in the list of those they got")
    REFERRAL_GOT = "referral_received", _("Opened a request for help that you sent to them")
    BARRIERS = "barriers_read", _("Opened the page about what stands in the way")
    SEARCH = "search_found", _("Found something in a search")
    WORKLIST = "worklist_read", _("Saw the team on the county worklist")
    EXPORT = "worklist_exported", _("Saved the county worklist as a file")
    ENDING = "ending_read", _("Opened the page about the end of the team")
    ARCHIVE = "archive_saved", _("Saved the whole record as a file")
