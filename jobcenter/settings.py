"""Settings of one instance: what runs where comes from the environment, whose portal it is from jobcenter.toml.

Without DATABASE_URL and REDIS_URL nothing is guessed: `make run` starts embedded servers and sets both.
"""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from jobcenter.common.instanz import InstanzError, load_instanz

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()  # every NAME may also be given as NAME_FILE

INSTANZ_DATEI = Path(env.str("JOBCENTER_TOML", default=str(BASE_DIR / "jobcenter.toml")))
try:
    INSTANZ = load_instanz(INSTANZ_DATEI)
except InstanzError as error:
    if sys.argv[1:2] != ["einrichten"] or INSTANZ_DATEI.exists():
        sys.exit(str(error))
    INSTANZ = load_instanz(BASE_DIR / "jobcenter.toml")  # until the set-up has written the file

# --- where things lie -------------------------------------------------------------------------------------------
VAR_DIR = Path(env.str("JOBCENTER_VAR", default=str(BASE_DIR / "var"))).resolve()
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jobcenter.common.finders.NpmFinder",
]
NPM_DIR = BASE_DIR / "node_modules"
NPM_FILES = {  # address below /static/ → files out of a package; only what a page asks for
    "kern": ("@kern-ux/native/dist", ["kern.min.css"]),
    "fira-sans": (
        "@fontsource/fira-sans/files",
        [f"fira-sans-{subset}-{weight}-normal.woff2" for subset in ("latin", "latin-ext") for weight in (400, 500, 600)],
    ),
    "htmx": ("htmx.org/dist", ["htmx.min.js"]),
}

# --- how it runs ------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{PORT}").rstrip("/")  # in mails, feeds and PDFs
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname])
DEMO = env.bool("DEMO", default=False)


def _secret_key() -> str:
    """SECRET_KEY or SECRET_KEY_FILE; else one made at the first start and kept in the data folder."""
    if given := env.str("SECRET_KEY", default=""):
        return given
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text().strip()


SECRET_KEY = _secret_key()
DATABASE_URL = env.str("DATABASE_URL", default="postgres://jobcenter@localhost/jobcenter")
REDIS_URL = env.str("REDIS_URL", default="redis://localhost:6379/0")

DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if database_password := env.str("DATABASE_PASSWORD", default="").strip():  # out of a file of its own, beside an address without one
    DATABASES["default"]["PASSWORD"] = database_password
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c statement_timeout=30s -c lock_timeout=5s"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "jobcenter.common.cache.RedisOrMemoryCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "jobcenter",
        "OPTIONS": {"socket_timeout": 3, "socket_connect_timeout": 2},
    }
}

SEITENSPEICHER = env.bool("SEITENSPEICHER", default=not DEBUG)
# The parameters of public pages; with any other one a page is made anew, so that nobody fills the page cache.
SEITENSPEICHER_PARAMETER = frozenset([
    "form", "format", "geschlecht", "gruppe", "jahr", "land", "limit", "monat", "offset", "seite", "sortierung", "typ", "zielgruppe",
])  # fmt: skip

ROOT_URLCONF = "jobcenter.urls"
WSGI_APPLICATION = "jobcenter.wsgi.application"

INSTALLED_APPS = [
    # the rooms, in the order in which data runs through them
    "jobcenter.common",
    "jobcenter.konten",
    "jobcenter.post",
    "kennzahlen",
    "massnahmen",
    "beirat",
    "jobcenter.presse",
    "jobcenter.berichte",
    "jobcenter.portal",
    "jobcenter.demo",
    # standard parts
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.syndication",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "drf_spectacular",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "rules.apps.AutodiscoverRulesConfig",
    "template_partials",
]

MIDDLEWARE = [
    "jobcenter.common.protokoll.RequestLogMiddleware",
    "jobcenter.common.middleware.SeitenspeicherMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "jobcenter.common.middleware.ClosedByDefaultMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jobcenter.konten.middleware.KontenMiddleware",
    "jobcenter.common.middleware.TransitionErrorMiddleware",
    "jobcenter.portal.middleware.StoerungMiddleware",
]

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
                "jobcenter.common.context.instanz",
            ],
            "builtins": [
                "django.templatetags.static",
                "jobcenter.common.templatetags.zahlen",
                "jobcenter.common.templatetags.kern",
                "template_partials.templatetags.partials",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- language and time ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "konten.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:aufgaben"
LOGOUT_REDIRECT_URL = "portal:start"
ACCOUNT_ADAPTER = "jobcenter.konten.adapters.KontenAdapter"
ACCOUNT_FORMS = {
    "login": "jobcenter.konten.forms.AnmeldungForm",
    "reset_password": "jobcenter.konten.forms.PasswortVergessenForm",
    "reset_password_from_key": "jobcenter.konten.forms.NeuesPasswortForm",
    "change_password": "jobcenter.konten.forms.PasswortAendernForm",
    "set_password": "jobcenter.konten.forms.PasswortSetzenForm",
    "reauthenticate": "jobcenter.konten.forms.PasswortBestaetigenForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # administration opens accounts, nobody signs up
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(timedelta(minutes=15).total_seconds())
ACCOUNT_RATE_LIMITS = {"report_barriere": "10/h/ip"}  # beside those of allauth; also asked by portal
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail after every change of password or second factor
MFA_ADAPTER = "jobcenter.konten.adapters.ZweiterFaktorAdapter"
MFA_FORMS = {
    "authenticate": "jobcenter.konten.forms.CodeForm",
    "reauthenticate": "jobcenter.konten.forms.CodeBestaetigenForm",
    "activate_totp": "jobcenter.konten.forms.AppEinrichtenForm",
    "add_webauthn": "jobcenter.konten.forms.PasskeyAnlegenForm",
    "edit_webauthn": "jobcenter.konten.forms.PasskeyUmbenennenForm",
    "login_webauthn": "jobcenter.konten.forms.PasskeyAnmeldungForm",
    "authenticate_webauthn": "jobcenter.konten.forms.PasskeyCodeForm",
    "reauthenticate_webauthn": "jobcenter.konten.forms.PasskeyBestaetigenForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PFLICHT = env.bool("MFA_PFLICHT", default=not DEMO)  # ours: who has no second factor sets one up before anything else
MFA_TOTP_ISSUER = INSTANZ.jobcenter.kurzname
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "sitzung"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "jobcenter.common.fehler.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- history: what came, what changed and what went --------------------------------------------------------------
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

# --- safety -----------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)  # it has to set X-Forwarded-Proto and X-Forwarded-For itself
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(TRUST_PROXY)  # rate limits count visitors, not the proxy
SECURE_REDIRECT_EXEMPT = [r"^-/"]  # who asks for health stands inside, before the proxy
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],  # KERN's icons are data: masks
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "jobcenter.common.uploads.LimitedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# --- mail -------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = "jobcenter.post.backends.VersandBackend"  # lays every mail ready as a row; the worker hands it on to:
_carrier = env.email_url("EMAIL_URL", default="filemail://")
VERSAND_BACKEND = _carrier.pop("EMAIL_BACKEND")
vars().update(_carrier)
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 10
SERVER_EMAIL = INSTANZ.kontakt.mail
DEFAULT_FROM_EMAIL = f'"{INSTANZ.jobcenter.name}" <{SERVER_EMAIL}>'

# --- API: closed unless a view opens itself ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"Offene Schnittstelle: {INSTANZ.jobcenter.name}",
    "DESCRIPTION": (
        "Kennzahlen mit ihren Werten, Arbeitsmarktprogramme und ihre Maßnahmen. Nur lesend, ohne Anmeldung. "
        "Wer im Portal angemeldet ist, liest unter /api/v1/intern/ auch Entwürfe."
    ),
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

# --- jobs -------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=") if REDIS_URL.startswith("unix://") else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False  # the row in PostgreSQL is the job; a lost message is found by beat
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = {
    "berichte.render_bericht": {"queue": "berichte"},  # a process of its own: minutes, and WeasyPrint's memory
    "berichte.print_entwurf": {"queue": "berichte"},
    "kennzahlen.draw_diagramm": {"queue": "diagramme"},  # a process of its own: vl-convert's memory
}
BEAT_SECONDS = env.int("BEAT_SECONDS", default=15)
BERICHT_LEASE_SECONDS = env.int("BERICHT_LEASE_SECONDS", default=120)

LOG_FORMAT = env.str("LOG_FORMAT", default="text" if DEBUG or DEMO else "json")  # text is for people at a terminal
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "jobcenter.common.protokoll.TextFormatter", "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "json": {"()": "jobcenter.common.protokoll.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        **{name: {"level": "WARNING"} for name in ("weasyprint", "fontTools")},
        "jobcenter.request": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},  # a line for every request
    },
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False  # the worker keeps to LOGGING as well
