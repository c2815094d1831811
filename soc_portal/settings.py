"""All settings of the portal. The environment is read here and nowhere else.

With no variable at all this is the embedded default: SQLite and files below `var/`, e-mail on the console, demo people.
With DATABASE_URL it is a production portal, and what a production portal must know is asked for by name.
`docs/how-to/install.md` has the table of variables.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from soc_portal.environment import address, env, flag, folder_at, is_loopback, need, port_number, secret_key_of
from soc_portal.logging import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent

# --- The environment -------------------------------------------------------------------------------------------------
DATABASE_URL = address("DATABASE_URL", ("postgres", "postgresql"), "postgres://user:password@db.example.gov/portal")
REDIS_URL = address("REDIS_URL", ("redis", "rediss"), "redis://127.0.0.1:6379/0")
EMAIL_URL = address("EMAIL_URL", tuple(env.EMAIL_SCHEMES), "smtp+tls://user:password@mail.example.gov:587")
HOST = env.str("HOST", default="").strip() or "127.0.0.1"
PORT = port_number("PORT", 8000)
PORTAL_URL = address("PORTAL_URL", ("http", "https"), "https://portal.example.gov").rstrip("/")
DEBUG = flag("DEBUG", False)
DEMO = flag("DEMO", not DATABASE_URL and is_loopback(HOST))

need(not (DATABASE_URL and DEMO), "DEMO=1 lets anybody sign in: it can't be used with DATABASE_URL. Unset one of them.")
need(DATABASE_URL or not REDIS_URL, "REDIS_URL is set but DATABASE_URL is not. Set both, or neither.")
need(not DATABASE_URL or PORTAL_URL, "DATABASE_URL is set, so PORTAL_URL is needed too: https://portal.example.gov")
need(is_loopback(HOST) or PORTAL_URL, "HOST opens the portal to other machines, so PORTAL_URL is needed: https://...")
PORTAL_URL = PORTAL_URL or f"http://127.0.0.1:{PORT}"
PORTAL_HOST = urlsplit(PORTAL_URL).hostname
HTTPS = PORTAL_URL.startswith("https://")
need(HTTPS or is_loopback(PORTAL_HOST), "PORTAL_URL must start with https:// since others reach it over a network.")
need(not (DEBUG and (HTTPS or DATABASE_URL)), "DEBUG=1 shows records to strangers. Use it only without DATABASE_URL.")
need(EMAIL_URL or not HTTPS, "EMAIL_URL is not set. People get their sign-in codes by e-mail, so the portal needs one.")

VAR_DIR = folder_at(Path(env.str("VAR_DIR", default="") or BASE_DIR / "var").absolute())
SECRET_KEY = env.str("SECRET_KEY", default="").strip()
need(SECRET_KEY or not DATABASE_URL, "DATABASE_URL is set, so SECRET_KEY is needed too: 50 random letters and digits.")
need(not SECRET_KEY or len(SECRET_KEY) >= 32, "SECRET_KEY is too short. Use 50 random letters and digits.")
SECRET_KEY = SECRET_KEY or secret_key_of(VAR_DIR)

# --- Apps ------------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    # No django.contrib.admin: no back door to family records, and nothing there that an action would not do better.
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "django_htmx",
    "django_filters",
    "soc_portal",
    "soc_portal.access",
    "soc_portal.accounts",
    "soc_portal.audit",
    "soc_portal.notices",
    "soc_portal.drafts",
    "soc_portal.versions",
    "soc_portal.measures",
    "collaboratives",
    "families",
    "referrals",
    "teams",
]

MIDDLEWARE = [
    "soc_portal.logging.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # slow phones; Django adds random bytes against BREACH
    "soc_portal.middleware.PrivatePages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Here: who is signed in is known.
    "soc_portal.middleware.PersonLanguage",
    "soc_portal.middleware.IdleLock",
    "soc_portal.middleware.SignInRequired",  # Django's LoginRequiredMiddleware, and nothing typed is lost
    "soc_portal.middleware.SecondWall",  # on PostgreSQL the database knows who asks, too
    "soc_portal.middleware.NoBlankPages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "soc_portal.urls"
WSGI_APPLICATION = "soc_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "soc_portal.context.portal",
            ],
        },
    },
]

# --- Database, cache, tasks ------------------------------------------------------------------------------------------
if DATABASE_URL:
    DATABASES = {
        "default": {
            **env.db_url_config(DATABASE_URL),
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "DISABLE_SERVER_SIDE_CURSORS": True,  # so that a connection pooler may stand in between
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR_DIR / "portal.sqlite3",
            # Readers never wait for the writer (WAL); a writer queues at the start of its transaction (IMMEDIATE).
            # No ATOMIC_REQUESTS: with it, every page that only reads would take the write lock.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    # Rate limits must be the same in every web process, so not in one process's memory. Not in the database either:
    # a wrong password would then have to wait for SQLite's one writer. So, files: the processes share the machine.
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": folder_at(VAR_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        }
    }

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_ALWAYS_EAGER = not REDIS_URL  # without Redis a task runs in the process that asks for it
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True  # tasks are wake-ups that may run twice; a worker that dies loses none
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_PUBLISH_RETRY = False  # a page doesn't wait for a dead broker: the row stays due and the next tick takes it
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
    "max_retries": 1,
    "interval_start": 0,
}
CELERY_TIMEZONE = "America/New_York"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- Signing in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# guardian's grants end on a date, which its backend does not know, so it is not asked: soc_portal.access reads them.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
ANONYMOUS_USER_NAME = None  # no guardian account for people who are not signed in
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False  # no user.add_obj_perm(): an action makes grants
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

ACCOUNT_ADAPTER = "soc_portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # a code is enough; a password or a passkey can be added later
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True  # a mistyped e-mail while signing up
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_PREVENT_ENUMERATION = True  # "is my neighbour in the portal?" gets no answer
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody gets mail from us because a stranger typed their address
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False  # shared phones and library computers: the cookie ends with the browser
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,5/10m/key"}  # the others: allauth's own limits
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0
_FORMS = "soc_portal.accounts.forms."
ACCOUNT_FORMS = {
    "add_email": _FORMS + "NewEmailForm",
    "change_email": _FORMS + "OtherEmailForm",
    "change_password": _FORMS + "PasswordChangeForm",
    "confirm_email_verification_code": _FORMS + "EmailCodeForm",
    "confirm_login_code": _FORMS + "CodeForm",
    "confirm_password_reset_code": _FORMS + "ResetCodeForm",
    "reauthenticate": _FORMS + "ConfirmPasswordForm",
    "reset_password": _FORMS + "PasswordResetForm",
    "reset_password_from_key": _FORMS + "PasswordResetKeyForm",
    "set_password": _FORMS + "PasswordSetForm",
    "signup": _FORMS + "SignUpForm",
}

MFA_ADAPTER = "soc_portal.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": _FORMS + "AppStartForm",
    "add_webauthn": _FORMS + "PasskeyForm",
    "authenticate": _FORMS + "AppCodeForm",
    "edit_webauthn": _FORMS + "PasskeyNameForm",
    "reauthenticate": _FORMS + "ConfirmAppCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds: clocks of old phones
MFA_RECOVERY_CODES_SHOW_ONCE = False  # they can be seen again, after one more sign-in step
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # http only ever means this machine, see PORTAL_URL above

USERSESSIONS_TRACK_ACTIVITY = False  # it would write a row on every request; the list shows when each session began

# --- Sessions, cookies, headers --------------------------------------------------------------------------------------
IDLE_SECONDS = 20 * 60  # without a request for this long, a session ends; see soc_portal.middleware.IdleLock
CSRF_FAILURE_VIEW = "soc_portal.middleware.csrf_failure"
# Messages name people and parts of the record: they wait on the server, never in a cookie that anybody can read.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day; soc_portal.middleware locks after 20 idle minutes
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
ALLOWED_HOSTS = [PORTAL_HOST, "127.0.0.1", "localhost", "[::1]"]  # the last three: health checks on the machine itself
CSRF_TRUSTED_ORIGINS = [PORTAL_URL] if HTTPS else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # the health check comes from inside, over http
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the county's other hosts below this name are not ours to decide on
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
_NO_PAGE_USES = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media "
    "fullscreen gamepad geolocation gyroscope hid idle-detection local-fonts magnetometer microphone midi payment "
    "picture-in-picture screen-wake-lock serial storage-access usb window-management"
)
PERMISSIONS_POLICY = {
    **{feature: [] for feature in _NO_PAGE_USES.split()},
    "publickey-credentials-get": "self",
    "publickey-credentials-create": "self",
}
# 100,000 characters fit in every text; a paste of 5 MB in any script, of which a form makes three times as much, is
# answered with "too long" beside its field. More than this gets the page that says so (soc_portal.pages.unread).
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Languages and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "soc_portal.formats"
USE_TZ = True
TIME_ZONE = "America/New_York"

# --- Static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # `manage.py prepare` collects, compresses and names the files by content, so that a phone fetches each once.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# --- Mail, logs ------------------------------------------------------------------------------------------------------
for name, value in env.email_url_config(EMAIL_URL or "consolemail://").items():
    globals()[name] = value  # EMAIL_BACKEND, EMAIL_HOST, ...
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="").strip()
need(DEFAULT_FROM_EMAIL or not EMAIL_URL, "EMAIL_URL is set, so DEFAULT_FROM_EMAIL is needed too: portal@example.gov")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = DEFAULT_FROM_EMAIL or "portal@localhost"
ADMINS: list[str] = []  # errors go to the log; a mail with a traceback could carry a record
LOGGING_CONFIG = "soc_portal.logging.configure"
LOGGING = logging_settings()
