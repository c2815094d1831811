"""Real processes that empty the outbox, for tests that kill them: forks a child for each line that it reads.

A line is the name of what the child does. It answers with the child's number, and with "over" when the child is gone.
"""

import os
import sys


def work(what):
    from django.utils import timezone

    from soc_portal.notices import emails
    from soc_portal.notices.actions import send_due
    from teams.reminders.meetings import send_reminders

    emails.wake_sender = lambda: None  # the test says when the outbox is emptied
    if what == "remind":
        send_reminders(timezone.now())
    send_due(now=timezone.now())


def main():
    import django

    django.setup()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                work(line.strip())
                code = 0
            finally:
                os._exit(code)
        print(child, flush=True)
        _pid, status = os.waitpid(child, 0)
        print("over" if os.WIFSIGNALED(status) or status == 0 else "failed", flush=True)


if __name__ == "__main__":
    main()
