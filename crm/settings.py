"""Settings read from the environment; without any, a SQLite file under data/ and debug pages off.

Production sets SECRET_KEY, ALLOWED_HOSTS, DATABASE_URL, BASE_URL and EMAIL_URL; see docs/operations.md.
"""

from pathlib import Path

import environ
import fontpkg_ibm_plex_sans
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
# `make run` writes a random key to .env; there is no key in the code that production could share.
SECRET_KEY = env.str(
    "SECRET_KEY", default="only-for-tests-and-builds" if env.bool("ASETU_NO_SECRETS", default=False) else ""
)
# The machine itself may always ask whether all is well (crm/views/health.py); links in mail are made from BASE_URL.
ALLOWED_HOSTS = ["127.0.0.1", *env.list("ALLOWED_HOSTS", default=["localhost"])]
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000")
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE else []

INSTALLED_APPS = [
    "desk",
    "reports",
    "projects",
    "cases",
    "contacts",
    "crm",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "guardian",
    "allauth",
    "allauth.account",
    "auditlog",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "crm.middleware.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "crm.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.middleware.ScopeMiddleware",
    "crm.middleware.NoNullMiddleware",
    "crm.middleware.MethodsMiddleware",
    "crm.middleware.GoneMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "crm.templatetags.asetu",
                "cases.templatetags.cases",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]
FORM_RENDERER = "crm.renderer.FormRenderer"

DATA_DIR = BASE_DIR / "data"  # the embedded database, the demo and what users upload; never in git
DATA_DIR.mkdir(exist_ok=True)
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'asetu.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, so that a
    # transaction never fails half-way because another wrote in between.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": env.float("DATABASE_TIMEOUT", default=20),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a connection that a restart of PostgreSQL cut is not handed out
    DATABASES["default"]["OPTIONS"] = {
        # One a thread, so that no request waits for another's; at most workers × this many in all. Who gets none
        # within the timeout is told so (crm/views/errors.py). A short reconnect_timeout, since the pool waits twice as
        # long after each failure: after an outage of minutes it would be away as long again.
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=env.int("WEB_THREADS", default=4)),
            "timeout": env.float("DATABASE_TIMEOUT", default=5),
            "reconnect_timeout": 5,
        },
        "connect_timeout": 5,
        # Compiling a statement takes PostgreSQL longer (0.6–1.2 s, measured on a figure) than it ever saves here. A
        # wrong letter in a name of eight leaves half of its trigrams: that still counts as similar.
        "options": "-c jit=off -c pg_trgm.word_similarity_threshold=0.5",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# Accounts: staff sign in by e-mail; the administrator makes the accounts, nobody signs up.
AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "crm.accounts.StaffAdapter"
ACCOUNT_FORMS = {
    "login": "crm.sign_in.SignInForm",
    "change_password": "crm.sign_in.ChangePasswordForm",
    "reset_password": "crm.sign_in.AskForPasswordForm",
    "reset_password_from_key": "crm.sign_in.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Django's own, not allauth's, which keeps a second table of e-mail addresses and writes to it for each link.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# Attempts are counted by address; behind a proxy it is the last one that the proxy names.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if SECURE else 0)
SESSION_ENGINE = "crm.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
# A message may name a person: it goes with the session. In a cookie, Django's default, it would outlive it and be
# shown on the sign-in page to whoever is there.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "crm.views.errors.without_token"

# django-guardian: only group permissions on a municipality, read by crm.access.scope alone.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = [
    # Its has_perm backend is left out on purpose: it ignores the end date of a membership.
    "guardian.W001",
]

# The change log. Append-only tables are left out (they are their own log), and so is the case: its timeline is.
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    {"model": "crm.User", "exclude_fields": ["password", "last_login"]},
    "crm.Membership",
    "crm.Municipality",
    "contacts.Household",
    {
        "model": "contacts.Person",
        "exclude_fields": ["name_key", "sound_key", "sound_key_turned", "phone_key", "email_key"],
    },
    "contacts.Access",
    "projects.Project",
    "projects.Partner",
    "projects.MajorProject",
)

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("en", _("English")), ("sv", _("Swedish"))]
STAFF_LANGUAGES = ["fi", "en"]  # Swedish is for what newcomers see
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "asetu_language"
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True
FORMAT_MODULE_PATH = ["crm.formats"]

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise looks there before collectstatic has run
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", fontpkg_ibm_plex_sans.ROOT / "files")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.bool("ASETU_PLAIN_STATIC", default=False)
        else "crm.staticfiles.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# Nothing inline, nothing from elsewhere: a name typed into a form can never become a script.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = ["^healthz/?$", "^readyz/?$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
if SECURE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_mail = env.email_url("EMAIL_URL", default="consolemail://")
_mail_options = {
    "EMAIL_HOST": "host",
    "EMAIL_PORT": "port",
    "EMAIL_HOST_USER": "username",
    "EMAIL_HOST_PASSWORD": "password",
    "EMAIL_USE_TLS": "use_tls",
    "EMAIL_USE_SSL": "use_ssl",
    "EMAIL_FILE_PATH": "file_path",
}
MAILERS = {
    "default": {
        "BACKEND": _mail["EMAIL_BACKEND"],
        "OPTIONS": {option: _mail[name] for name, option in _mail_options.items() if _mail.get(name)},
    }
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("FROM_EMAIL", default="asetu@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
