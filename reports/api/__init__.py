"""The API's doors to the reports: the same forms, queries and figures as the pages."""

from reports.api.accuracy import router as accuracy_router
from reports.api.calibration import router as calibration_router
from reports.api.coverage import router as coverage_router
from reports.api.distribution import router as distribution_router
from reports.api.effectiveness import router as effectiveness_router
from reports.api.forecast import router as forecast_router
from reports.api.funnel import router as funnel_router
from reports.api.losses import router as losses_router
from reports.api.profile import router as profile_router
from reports.api.sources import router as sources_router

ROUTERS = (
    forecast_router,
    coverage_router,
    accuracy_router,
    funnel_router,
    losses_router,
    sources_router,
    calibration_router,
    effectiveness_router,
    distribution_router,
    profile_router,
)
