"""The REST API at /api/v1/: the routers of the apps, bearer keys only, one way to say no."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern
from ninja import NinjaAPI

from config.parsing import StrictParser
from config.problems import explain_refusals
from leads.api import router as leads_router
from leads.bearer import BearerKey
from pipeline.api import ROUTERS as PIPELINE_ROUTERS
from reports.api import ROUTERS as REPORTS_ROUTERS
from scoring.api import router as scoring_router

DESCRIPTION = (
    "Send `Authorization: Bearer KEY`; an administrator makes keys. "
    "A key sees and does what its user may see and do. Money is a decimal string, a time is ISO 8601 "
    "with its offset, a lead is its number, or `ext:` and your own id."
)

api = NinjaAPI(
    title="Plumbline",
    version="1",
    description=DESCRIPTION,
    auth=BearerKey(),
    parser=StrictParser(),
    urls_namespace="api",
)
explain_refusals(api)
for router in (leads_router, scoring_router, *PIPELINE_ROUTERS, *REPORTS_ROUTERS):
    api.add_router("", router)


def api_urls() -> tuple[list[Any], str, str]:
    """The API's addresses; a bearer key stands in for the session, which only the docs page asks for."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern) and pattern.name != "openapi-view":
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace
