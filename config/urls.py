"""Every address: the admin, sign-in, health, the API and the pages of the four apps."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import health

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="leads:list"), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
    *[
        path("", include(f"{app}.urls"))
        for app in ("leads", "scoring", "pipeline", "reports")
        if find_spec(f"{app}.urls")
    ],
]
if all(find_spec(f"{app}.api") for app in ("leads", "scoring", "pipeline", "reports")):
    from config.api import api_urls

    urlpatterns.append(path("api/v1/", api_urls()))
