"""What a person types to sign in, to sign up, and about themselves."""

from allauth.account import forms as account
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from soc_portal.accounts.models import User


def _email(field, hint=""):
    field.label = _("Your email")
    field.help_text = hint
    field.error_messages |= {
        "required": _("Write your email."),
        "invalid": _("Write the email like this: name@example.org"),
    }
    field.widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})


def _code(field, hint=_("6 numbers. You can paste them.")):
    field.label = _("Your code")
    field.help_text = hint
    field.error_messages |= {"required": _("Write the 6 numbers of your code.")}
    field.widget = forms.TextInput(
        attrs={"class": "input-code", "inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "40"}
    )


def _password(field, label, hint=""):
    field.label = label
    field.help_text = hint
    field.error_messages |= {"required": _("Write the password.")}
    autocomplete = field.widget.attrs.get("autocomplete", "current-password")
    field.widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})


NEW_PASSWORD_HINT = _("At least 12 letters or numbers. Three or four words together are good.")


class CodeRequestForm(account.RequestLoginCodeForm):
    """The e-mail to which the sign-in code goes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _email(self.fields["email"], _("We will send you a code. You do not need a password."))

    def clean_email(self):
        self.cleaned_data["email"] = self.cleaned_data["email"].strip().lower()
        return super().clean_email()


class CodeForm(account.ConfirmLoginCodeForm):
    """The six numbers from the mail; spaces and dashes do no harm."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self.fields["code"])


class EmailCodeForm(account.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self.fields["code"])


class ResetCodeForm(account.ConfirmPasswordResetCodeForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self.fields["code"])


class PasswordSignInForm(account.LoginForm):
    """E-mail and password, for people who chose one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _email(self.fields["login"])
        _password(self.fields["password"], _("Your password"))

    def _setup_password_field(self):
        """Keep the field: signing up needs no password, so allauth would leave it out."""


class SignUpForm(account.SignupForm):
    """A name and an e-mail are enough."""

    name = forms.CharField(
        label=_("Your name, as you want to be called"),
        max_length=120,
        error_messages={"required": _("Write your name, so your team knows you.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _email(self.fields["email"], _("We will send you a code. You do not need a password."))


class NewEmailForm(account.AddEmailForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _email(self.fields["email"], _("We will send a code to this email."))
        self.fields["email"].label = _("Your new email")


class OtherEmailForm(account.ChangeEmailForm):
    """A typing mistake in the e-mail while signing up."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _email(self.fields["email"])


class PasswordChangeForm(account.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _password(self.fields["oldpassword"], _("Your password now"))
        _password(self.fields["password1"], _("New password"), NEW_PASSWORD_HINT)
        _password(self.fields["password2"], _("New password again"))


class PasswordSetForm(account.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _password(self.fields["password1"], _("New password"), NEW_PASSWORD_HINT)
        _password(self.fields["password2"], _("New password again"))


class PasswordResetForm(account.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _email(self.fields["email"], _("We will send you a code. Then you can choose a new password."))


class PasswordResetKeyForm(account.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _password(self.fields["password1"], _("New password"), NEW_PASSWORD_HINT)
        _password(self.fields["password2"], _("New password again"))


class ConfirmPasswordForm(account.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _password(self.fields["password"], _("Your password"))


class AppCodeForm(AuthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], _("6 numbers from your app. Or one of your recovery codes."))


class ConfirmAppCodeForm(ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], _("6 numbers from your app. Or one of your recovery codes."))


class AppStartForm(ActivateTOTPForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _code(self.fields["code"], _("6 numbers from your app."))


class PasskeyForm(AddWebAuthnForm):
    """A passkey always signs in by itself: that is what people expect of it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _device_name(self.fields["name"])
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("Sign me in with this passkey alone")
            self.fields["passwordless"].help_text = _("Your device will ask for your fingerprint, face or PIN.")
            self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _device_name(self.fields["name"])


def _device_name(field):
    field.label = _("A name for this device")
    field.help_text = _("For example: my phone")
    field.error_messages |= {"required": _("Write a name, so you know which device it is.")}
    field.widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": "100"})


class ProfileForm(forms.ModelForm):
    """What the portal calls a person, in which language it speaks to them, and whether it reminds them of steps."""

    class Meta:
        model = User
        fields = ["name", "language", "remind_of_steps"]
        labels = {
            "name": _("Your name, as you want to be called"),
            "language": _("Your language"),
            "remind_of_steps": _("Remind me before a step is due"),
        }
        help_texts = {
            "name": _("Your team sees this name."),
            "language": _("For pages and for email."),
            "remind_of_steps": _("One email, two days before. It does not say what the step is."),
        }
        error_messages = {"name": {"required": _("Write your name, so your team knows you.")}}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "language": forms.RadioSelect,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
