"""How the portal uses django-allauth: who may be mailed what, in which language, and where people go next."""

import base64
import hashlib
import logging
import smtplib
import time

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soc_portal.redirects import is_ours

logger = logging.getLogger(__name__)

# Said by the page itself, or of no use to the reader.
UNSAID = frozenset({"account/messages/logged_in.txt", "account/messages/email_confirmed.txt"})
TOO_MANY = _("That was too many tries. Please wait five minutes. Then try again.")
# Said by allauth itself on our pages. Both catalogues put it in the portal's words.
SAID_BY_ALLAUTH = (
    gettext_noop("Use your password"),
    gettext_noop("Use authenticator app or code"),
    gettext_noop("Use a security key"),
    gettext_noop("You must type the same password each time."),
)


def _vault():
    """Encrypts with SECRET_KEY, and still reads what SECRET_KEY_FALLBACKS wrote."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"soc_portal.mfa:{key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class AccountAdapter(DefaultAccountAdapter):
    """No guessing who has an account, no names in mail, no way off this site."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Call your county coordinator."),
        "cannot_remove_primary_email": _("You need one email to sign in. Add another one first."),
        "duplicate_email": _("This is already your email."),
        "email_password_mismatch": _("The email or the password is not right. Check both and try again."),
        "email_taken": _("Please use another email."),
        "enter_current_password": _("That is not your password now. Please type it again."),
        "incorrect_code": _("Check the 6 numbers and try again."),
        "incorrect_password": _("That is not your password. Please type it again."),
        "invalid_or_expired_key": _("This link is too old. Ask for a new one."),
        "invalid_password_reset": _("This link is too old. Ask for a new one."),
        "max_email_addresses": _("You can have %d emails at most."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": _("Please wait a little. Then ask for a new code."),
        "same_as_current": _("This is already your email."),
        "unverified_primary_email": _("Please confirm your email first."),
    }

    def clean_email(self, email):
        return email.strip().lower()

    def is_safe_url(self, url):
        """Only a page of this site is a place to go next."""
        return is_ours(self.request, url or "")

    def get_logout_redirect_url(self, request):
        return reverse("account_login")

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:security")

    def get_email_verification_redirect_url(self, email_address):
        return reverse("accounts:security") if self.request.user.is_authenticated else reverse("account_login")

    def is_reauthentication_required(self, *, app):
        """Whoever signed in a few minutes ago has shown who they are; later, "Is it you?" asks again."""
        records = get_authentication_records(self.request, self.request.user)
        newest = max((record["at"] for record in records), default=0)
        if time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return super().is_reauthentication_required(app=app)

    def save_user(self, request, user, form, commit=True):
        """A new account keeps the name that was typed and the language of the page."""
        user.name = form.cleaned_data.get("name", "")
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Messages in our words; nothing is said twice."""
        if message_template == "account/messages/login_code_sent.txt":
            if request.path != reverse("account_confirm_login_code"):
                return  # the first code: the next page says it
        elif message_template in UNSAID:
            return
        super().add_message(request, level, message_template, message_context, extra_tags, message)

    def format_email_subject(self, subject):
        return str(subject)

    def render_mail(self, template_prefix, email, context, headers=None):
        """Text and HTML from the same words: the HTML frame shows the paragraphs of the text."""
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        text = render_to_string(f"{template_prefix}_message.txt", context).strip() + "\n"
        paragraphs = [part for part in text.strip().split("\n\n") if part.strip()]
        frame = {"subject": subject, "paragraphs": paragraphs, "code": context.get("code")}
        mail = EmailMultiAlternatives(subject, text, self.get_from_email(), [email], headers=headers)
        mail.attach_alternative(render_to_string("account/email/frame.html", frame), "text/html")
        return mail

    def send_mail(self, template_prefix, email, context):
        """In the reader's language. A mail server that is down is said on the page, and breaks nothing."""
        reader = get_user_model().objects.filter(email__iexact=email).first()
        language = reader.language if reader else translation.get_language()
        # Only what the words need: no user, so no name can slip into a mail.
        context = {name: value for name, value in context.items() if name not in ("user", "request", "username")}
        with translation.override(language):
            mail = self.render_mail(template_prefix, email, context | {"home_url": self._home_url()})
        try:
            mail.send()
        except (OSError, smtplib.SMTPException):
            logger.exception("account mail was not sent", extra={"template": template_prefix})
            words = _("We can't send email right now. Please try again in a few minutes.")
            messages.error(self.request, words)

    def _home_url(self):
        return self.request.build_absolute_uri(reverse("account_login"))


class MFAAdapter(DefaultMFAAdapter):
    """Second steps: app codes, recovery codes and passkeys, in plain words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Turn off the app codes first. Then you can change your email."),
        "cannot_delete_authenticator": _("This can't be turned off."),
        "cannot_generate_recovery_codes": _("Turn on app codes or add a passkey first."),
        "incorrect_code": _("Check the 6 numbers and try again."),
        "unverified_email": _("Please confirm your email first."),
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def encrypt(self, text):
        """App secrets and recovery seeds are not readable in a copy of the database."""
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _vault().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self):
        return "System of Care"

    def _get_site_name(self):
        return "System of Care"

    def generate_authenticator_name(self, user, type):
        return str(_("My device"))

    def build_totp_svg(self, url):
        """The QR code as one inline SVG without style: dark on white in both colour schemes."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        size = len(rows)
        dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on)
        # Numbers only, made here: nothing a person typed is in this text.
        return mark_safe(  # noqa: S308
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="240" height="240"'
            f' aria-hidden="true" focusable="false"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
            f'<path fill="#000" d="{dots}"/></svg>'
        )
