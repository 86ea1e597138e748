"""Every setting, safe for production by default; the environment decides, and a bad value stops the start."""

from pathlib import Path

import pgtrigger
from celery.schedules import crontab

from config import env
from config.logs import configure_logs

BASE_DIR = Path(__file__).resolve().parent.parent

# Servers
DATABASES = {"default": env.database("DATABASE_URL")}
_OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
# Statements that `config.prepared` keeps are asked of single leads: planned once, not for each of them.
_OPTIONS["options"] = f"{_OPTIONS.get('options', '')} -c plan_cache_mode=force_generic_plan".strip()
REDIS_URL = env.redis_url("REDIS_URL")
CACHE_URL = env.redis_url("CACHE_URL", default=REDIS_URL)
DATABASE_POOL = env.whole("DATABASE_POOL", default=0)  # connections per process; 0 opens one per thread
if DATABASE_POOL:
    _OPTIONS["pool"] = {
        "min_size": 1,
        "max_size": DATABASE_POOL,
        "timeout": 10,
    }

# Security
SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
DEBUG = env.flag("DEBUG", default=False)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
PLAIN_HTTP = env.flag("PLAIN_HTTP", default=False)
PUBLIC_URL = env.text(
    "PUBLIC_URL",  # how people outside reach the program: what letters link to
    default=f"{'http' if PLAIN_HTTP else 'https'}://{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}",
).rstrip("/")
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", default=0)  # how many in front add to X-Forwarded-For
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 31_536_000  # one year
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
# A scoring model is one form, or one text, however large: what is too much of it is said in its place.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # bytes
# Other names below the customer's domain are not ours to force to HTTPS.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the QR code of two-factor sign-in is a data address
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# Applications
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "config.apps.ServedFiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_countries",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "ninja",
    "pghistory",
    "pgtrigger",
    "phonenumber_field",
    "template_partials.apps.SimpleAppConfig",
    # After auth, which creates the permissions that our roles are given, and each after those it builds on.
    "leads",
    "scoring",
    "pipeline",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "leads.organisation.remember_organisation",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PGHISTORY_LEVEL = pgtrigger.Statement  # row level is quadratic for bulk writes

# Templates
_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.static",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORMS_URLFIELD_ASSUME_HTTPS = True

# Sign-in
AUTH_USER_MODEL = "leads.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
ACCOUNT_ADAPTER = "config.signin.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator vouches for the address
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Plumbline"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Cache and tasks
CACHES = {"default": {"BACKEND": "config.cache.DispensableCache", "LOCATION": CACHE_URL}}

CELERY_BROKER_URL = env.as_broker(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800}  # seconds, twice the longest task
CELERY_TASK_TIME_LIMIT = 900  # seconds
CELERY_TASK_IGNORE_RESULT = True  # progress and outcome are rows of our own
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {"*.bulk_*": {"queue": "bulk"}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep-pending-scores": {"task": "scoring.tasks.sweep_pending", "schedule": 30},  # seconds
    "sweep-pending-confidences": {"task": "pipeline.tasks.sweep_pending", "schedule": 30},
    "route-pending": {"task": "pipeline.tasks.route_pending", "schedule": 30},
    "route-waiting": {"task": "pipeline.tasks.route_waiting", "schedule": 300},
    "run-programmes": {"task": "pipeline.tasks.run_programmes", "schedule": 60},
    "deliver-outbox": {"task": "leads.tasks.deliver_outbox", "schedule": 30},
    # Hourly, because midnight is the organisation's; the tasks do nothing when the day is done already.
    "apply-decay": {"task": "scoring.tasks.apply_decay", "schedule": crontab(minute=5)},
    "release-confidences": {"task": "pipeline.tasks.release_confidences", "schedule": crontab(minute=10)},
    "remind-of-tasks": {"task": "leads.tasks.remind_of_tasks", "schedule": crontab(minute="*/15")},
    "return-recycled": {"task": "leads.tasks.return_recycled", "schedule": crontab(minute=15)},
    "send-reports": {"task": "reports.tasks.send_reports", "schedule": crontab(minute="*/15")},
    "learn-profiles": {"task": "scoring.tasks.learn_profiles", "schedule": crontab(minute=40, hour="*/6")},
    "snapshot-forecast": {
        "task": "reports.tasks.snapshot_forecast",
        "schedule": crontab(minute=30, hour="*/6"),
    },
}

# Language and time
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# Static files
STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", BASE_DIR / "node_modules" / ".vendor")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.ServedFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Mail
vars().update(env.email("EMAIL_URL", default="smtp://localhost:25"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Plumbline <plumbline@localhost>")

# Logs
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOGGING = configure_logs(
    style=env.choice("LOG_STYLE", "json", "console"),
    level=env.choice("LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR"),
)
