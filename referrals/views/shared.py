"""What was shared with a referral, and where it stands, as people read them; the same words for both sides."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from families.enums import PersonLanguage, SafeContact
from referrals.enums import ReferralStatus, Shared

S = ReferralStatus
#: The badge of each status.
BADGES = {
    S.DRAFT: "todo", S.REQUESTED: "wait", S.ACCEPTED: "doing", S.ON_HOLD: "wait", S.IN_PROGRESS: "doing",
    S.REJECTED: "stop", S.CANCELLED: "stop", S.FAILED: "stop", S.ERROR: "stop", S.COMPLETED: "done",
}  # fmt: skip
#: What tells how to reach somebody.
CONTACT = (Shared.PHONE, Shared.CONTACT)
LATE: Promise = gettext_lazy("Past its date")


def badge_of(referral) -> tuple[str, str | Promise]:
    """(badge, words) of where a referral is; an answer that is past its date says so."""
    if referral.is_late:
        return "late", LATE
    return BADGES[ReferralStatus(referral.status)], referral.get_status_display()


def words_of(entry: dict) -> str:
    """One thing that is shared, in the reader's language where the portal says it, else just as it was written."""
    if "languages" in entry:
        spoken = dict.fromkeys((code, needs) for code, needs in entry["languages"])
        return ", ".join(_spoken(code, needs) for code, needs in spoken)
    if "way" in entry:
        way = str(SafeContact(entry["way"]).label)
        return f"{way}\n{entry['words']}" if entry["words"] else way
    return entry["words"]


def _spoken(code: str, needs_interpreter: bool) -> str:
    name = PersonLanguage(code).label
    return _("%(language)s, with an interpreter") % {"language": name} if needs_interpreter else str(name)


def rows_of(shared: list[dict], *, with_contact: bool) -> list[dict]:
    """What was shared as [{label, words, is_voice, language}], in the order of `Shared`.

    Without `with_contact` it is said that phone and safe ways were shared, but not which.
    """
    order = {what: place for place, what in enumerate(Shared.values)}
    return [
        {
            "label": Shared(entry["what"]).label,
            "words": words_of(entry) if with_contact or entry["what"] not in CONTACT else "",
            "is_voice": entry["what"] == Shared.WANTS, "language": entry.get("language", ""),
        }
        for entry in sorted(shared, key=lambda entry: order[entry["what"]])
    ]  # fmt: skip


def title_of(referral) -> str:
    """What is asked for, as it was shared; for somebody who receives it."""
    return next((entry["words"] for entry in referral.shared if entry["what"] == Shared.ASKS), "")
