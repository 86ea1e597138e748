"""Which stages there are."""

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Router, Schema

from config.problems import ANSWERS
from pipeline.models import Pipeline, Stage

router = Router(tags=["pipelines"])


class StageOut(Schema):
    key: str
    name: str
    confidence: int


class PipelineOut(Schema):
    key: str
    name: str
    product_line: str | None
    stages: list[StageOut]

    @staticmethod
    def resolve_product_line(pipeline: Pipeline) -> str | None:
        return pipeline.product_line.name if pipeline.product_line else None

    @staticmethod
    def resolve_stages(pipeline: Pipeline) -> list[object]:
        return list(pipeline.stages.all())


@router.get("/pipelines", response={200: list[PipelineOut], 401: ANSWERS[401]}, summary="List pipelines")
def list_pipelines(request: HttpRequest) -> object:
    """Every pipeline with its stages in order and their base confidence in per cent."""
    return Pipeline.objects.select_related("product_line").prefetch_related(
        Prefetch("stages", Stage.objects.current())
    )
