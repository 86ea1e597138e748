"""The API's doors for leads as a whole: adding, listing, moving, closing, confidence, pipelines."""

from pipeline.api.leads import router as leads_router
from pipeline.api.moves import router as moves_router
from pipeline.api.pipelines import router as pipelines_router

ROUTERS = (leads_router, moves_router, pipelines_router)
