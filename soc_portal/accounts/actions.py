"""What happens to an account: its name and language, its sessions."""

from allauth.usersessions.models import UserSession

from soc_portal.accounts.access import live_sessions


def change_profile(*, user, name, language, remind_of_steps) -> None:
    """The person's own name and language, and whether they want reminders; nobody else changes them."""
    user.name = name
    user.language = language
    user.remind_of_steps = remind_of_steps
    user.save(update_fields=["name", "language", "remind_of_steps"])


def end_session(*, user, session_id) -> bool:
    """Sign `user` out on one of their devices. False when it is not theirs, or is over already."""
    session = UserSession.objects.filter(user_id=user.pk, pk=session_id).first()
    if session is None:
        return False
    session.end()
    return True


def end_other_sessions(*, user, session_key, now) -> int:
    """Sign `user` out everywhere but here. Returns on how many devices they were still signed in."""
    live = len([s for s in live_sessions(user, now) if s.session_key != session_key])
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=session_key):
        session.end()
    return live
