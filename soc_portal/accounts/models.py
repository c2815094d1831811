"""Who signs in: one account per person, with the e-mail address as its name."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core import signing
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FEED_SALT = "accounts.calendar-feed"


class UserManager(BaseUserManager):
    """Makes accounts; the address is compared without regard to case."""

    use_in_migrations = True

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)

    def create_user(self, email, password=None, **fields):
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can sign in. What they may see is never stored here: see `soc_portal.access`."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name, as you want to be called"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default="en")
    remind_of_steps = models.BooleanField(_("remind me before a step is due"), default=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else ""


class SavedFilter(models.Model):
    """A filter that a person gave a name to, on one page; ended, not deleted."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=40)
    name = models.CharField(_("name of this filter"), max_length=60)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], condition=models.Q(ended_at=None), name="saved_filter_once"
            )
        ]

    def __str__(self):
        return self.name


class CalendarFeed(models.Model):
    """A private address under which a calendar program reads when a person's meetings are, and nothing else.

    Whoever knows the address can read it, so a person can end it at any time and get another.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_feeds")
    nonce = models.CharField(max_length=32)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True, help_text="When a program last read it.")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=models.Q(ended_at=None), name="one_calendar_feed")
        ]

    def __str__(self):
        return f"Calendar feed {self.pk}"

    @property
    def token(self) -> str:
        """The signed word of its address; made whenever it is needed, kept nowhere."""
        return signing.dumps([self.pk, self.nonce], salt=FEED_SALT)

    @staticmethod
    def read_token(token: str) -> tuple[int, str] | None:
        """(feed, nonce), or None for a word that we did not sign."""
        try:
            feed_id, nonce = signing.loads(token, salt=FEED_SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return feed_id, nonce
