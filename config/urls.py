"""Every address: the admin, sign-in, health, the API and the pages of the apps."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from config import health
from config.api import api_urls
from config.signin import not_offered
from reports.views.home import landing

handler404 = "config.problems.answer_missing"
handler500 = "config.problems.answer_broken"
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", landing, name="home"),
    path("", include("pipeline.urls")),
    path("", include("reports.urls")),
    path("", include("scoring.urls")),
    path("accounts/signup/", not_offered),
    path("accounts/login/code/confirm/", not_offered),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", api_urls()),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
