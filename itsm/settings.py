"""Every setting of the program, read from the environment (.env.example explains each one).

`make run` and `manage.py` without DATABASE_URL fill the environment for a local copy
(see itsm.local); a production server sets it itself.
"""

import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from pgtrigger import Statement

from itsm.kernel.api.components import COMPONENTS
from itsm.kernel.watching import logs

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str = "") -> str:
    """The setting from the environment, or from the file that NAME_FILE points at (a mounted secret)."""
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name) or default


def env_flag(name: str, default: bool = False) -> bool:
    return env(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


DEBUG = env_flag("DEBUG")
DEMO = env_flag("SLIPWAY_DEMO")
HTTPS = env_flag("SLIPWAY_HTTPS", default=True)
SECRET_KEY = env("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))' "
        "and pass it as SECRET_KEY, or put it in a file and pass the path as SECRET_KEY_FILE."
    )
SECRET_KEY_FALLBACKS = env_list("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
HOST = ALLOWED_HOSTS[0].lstrip("*.") or "localhost"
# Where links in mail lead.
SITE_URL = env("SITE_URL", f"https://{HOST}" if HTTPS else f"http://{HOST}:{env('PORT', '8000')}").rstrip("/")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# --- Apps: the floors of the house, bottom first ---------------------------------------------

INSTALLED_APPS = [
    "itsm.kernel",
    "cmdb",
    "knowledge",
    "changes",
    "transition",
    "itsm.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "template_partials",
    "django_tables2",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]

MIDDLEWARE = [
    "itsm.kernel.watching.requests.RequestWatch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "itsm.kernel.sign_in.middleware.SignInFirst",
    "itsm.kernel.sign_in.middleware.SessionLimits",
    "itsm.kernel.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "itsm.kernel.sign_in.middleware.SecondFactor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "itsm.urls"
WSGI_APPLICATION = "itsm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "itsm.kernel.navigation.context",
            ],
            "builtins": ["itsm.kernel.templatetags.slipway", "template_partials.templatetags.partials"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "partials/table.html"

# --- Data and workers ----------------------------------------------------------------------

DATABASES = {"default": dj_database_url.parse(env("DATABASE_URL", "postgresql:///slipway"), conn_max_age=60)}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# Of the threads that a web process has, so many may wait for a decision of the gate; the others serve.
WAITING_PLACES = int(env("WEB_WAITERS", str(max(1, int(env("WEB_THREADS", "16")) * 5 // 8))))

# History's triggers fire once a statement, not once a row: bulk work then costs bulk prices.
PGHISTORY_LEVEL = Statement

REDIS_URL = env("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_timeout": 10, "socket_connect_timeout": 2}
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True

# Signs the ledger's checkpoints: an Ed25519 private key, from `manage.py ledger_key`; usually as LEDGER_KEY_FILE.
LEDGER_KEY = env("LEDGER_KEY")

# --- People and sign-in --------------------------------------------------------------------

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["itsm.kernel.sign_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "itsm.kernel.sign_in.NotTheDemoPassword"},
    {"NAME": "itsm.kernel.sign_in.NotBreached"},
]
BREACHED_PASSWORDS = env("BREACHED_PASSWORDS")  # a file of sorted SHA-1 digests
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "itsm.kernel.sign_in.adapters.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,5/5m/key"}  # the key is a name at an address
STEP_UP = timedelta(seconds=ACCOUNT_REAUTHENTICATION_TIMEOUT)
SESSION_IDLE = timedelta(hours=float(env("SESSION_IDLE_HOURS", "4")))
SESSION_AGE = timedelta(hours=float(env("SESSION_HOURS", "12")))
SESSION_COOKIE_AGE = int(SESSION_AGE.total_seconds())

SECOND_FACTOR_ROLES = env_list("SECOND_FACTOR_ROLES")
MFA_ADAPTER = "itsm.kernel.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Slipway"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or DEBUG  # http://localhost

OIDC_ISSUER = env("OIDC_ISSUER")
OIDC_NAME = env("OIDC_NAME", "single sign-on")
OIDC_MAKES_USERS = env_flag("OIDC_MAKES_USERS")
SOCIALACCOUNT_ADAPTER = "itsm.kernel.sign_in.adapters.OidcAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # the service asks the person; a second button here would ask twice
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "oidc",
                "name": OIDC_NAME,
                "client_id": env("OIDC_CLIENT_ID"),
                "secret": env("OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
        "OAUTH_PKCE_ENABLED": True,
    }
}

# --- REST ----------------------------------------------------------------------------------

REQUESTS_A_MINUTE = int(env("REQUESTS_A_MINUTE", "12000"))  # of one person or token; 0: no limit
ANONYMOUS_REQUESTS_A_MINUTE = int(env("ANONYMOUS_REQUESTS_A_MINUTE", "300"))  # of one address
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "itsm.kernel.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["itsm.kernel.api.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "itsm.kernel.api.negotiation.Negotiation",
    "DEFAULT_PAGINATION_CLASS": "itsm.kernel.api.pagination.Envelope",
    "DEFAULT_SCHEMA_CLASS": "itsm.kernel.api.schema.Schema",
    "EXCEPTION_HANDLER": "itsm.kernel.api.problems.handler",
    "DEFAULT_THROTTLE_CLASSES": ["itsm.kernel.api.throttling.PerMinute"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Slipway",
    "DESCRIPTION": "Service transition and daily delivery on one set of records.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "APPEND_COMPONENTS": COMPONENTS,
    # Choices stand where they are used: many fields are called status or outcome.
    "POSTPROCESSING_HOOKS": ["itsm.kernel.api.examples.give_examples"],
}

# The largest file that can be handed in to be imported.
IMPORT_MEGABYTES = int(env("IMPORT_MEGABYTES", "1024"))
# --- Measures --------------------------------------------------------------------------------

# A TOML file with bands of your own for DORA's figures; docs/pipeline-events.md says how it is written.
DORA_BANDS = env("DORA_BANDS")

# --- Webhooks --------------------------------------------------------------------------------

# Ranges of addresses beside the public ones to which webhooks may be sent, over http:// too.
WEBHOOK_ALLOWED_RANGES = [ip_network(item) for item in env_list("WEBHOOK_ALLOWED_RANGES")]

# --- Mail ------------------------------------------------------------------------------------

EMAIL_HOST = env("EMAIL_HOST")
EMAIL_PORT = int(env("EMAIL_PORT", "587"))
EMAIL_HOST_USER = env("EMAIL_USER")
EMAIL_HOST_PASSWORD = env("EMAIL_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = env_flag("EMAIL_TLS", default=True) and not EMAIL_USE_SSL
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("EMAIL_FROM", f"slipway@{HOST}")
# A local copy has no mail server: what it would send lies in a folder.
EMAIL_FILE_PATH = env("EMAIL_FOLDER") or None
_WAY = "smtp" if EMAIL_HOST else "filebased" if EMAIL_FILE_PATH else "dummy"
EMAIL_BACKEND = f"django.core.mail.backends.{_WAY}.EmailBackend"
MAIL_IS_SENT = _WAY != "dummy"

# --- Language, time, files -------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = env("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "itsm.formats"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/tabler/css", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist" / "css"),
    ("vendor/tabler/js", BASE_DIR / "node_modules" / "@tabler" / "core" / "dist" / "js"),
    ("vendor/htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
    ("vendor/cytoscape", BASE_DIR / "node_modules" / "cytoscape" / "dist"),
]
# A local copy serves from the finders at once; a server serves what `collectstatic` hashed and packed.
WHITENOISE_USE_FINDERS = env_flag("SLIPWAY_SERVE_SOURCES")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security --------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_flag("SLIPWAY_BEHIND_PROXY") else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # asked from inside, past the proxy
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# --- Logs and metrics --------------------------------------------------------------------------

LOG_FORMAT = env("LOG_FORMAT", "console" if DEBUG or DEMO else "json")
if LOG_FORMAT not in logs.FORMATS:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it takes {' or '.join(logs.FORMATS)}.")
LOGGING = logs.config(LOG_FORMAT, env("LOG_LEVEL", "INFO"))
METRICS_TOKEN = env("METRICS_TOKEN")  # empty: only administrators who are signed in see /metrics
