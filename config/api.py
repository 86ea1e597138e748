"""The REST API: one NinjaAPI with the routers of the apps."""

from ninja import NinjaAPI

api = NinjaAPI(title="Plumbline", version="1", docs_url=None)
