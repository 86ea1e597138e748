"""How the API says no: the bodies of every refusal, the same for all operations."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as InvalidInput
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import page_not_found, server_error
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError
from ninja.errors import ValidationError as InvalidBody

from config.refusals import Refusal


class Problem(Schema):
    """Why the request was not carried out, in a sentence."""

    detail: str


class Fault(Schema):
    """One thing to change in what was sent."""

    path: str
    message: str


class Faults(Schema):
    errors: list[Fault]


ANSWERS: dict[int, Any] = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Faults}
"""What any operation may answer besides its own success."""


PROGRAMS = "/api/v1/"
NOTHING_HERE = "There is nothing at this address."


class UnprocessableError(Exception):
    """Input that cannot be stored; `faults` pairs the path in the body with a sentence."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {message}" for path, message in faults))
        self.faults = faults


def explain_refusals(api: NinjaAPI) -> None:
    """Turn refusals into 409, what is missing into 404, and all bad input into 422 with its path."""
    explain_faults(api)

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
        return api.create_response(request, {"detail": refusal.sentence}, status=409)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return api.create_response(request, {"detail": str(error) or NOTHING_HERE}, status=404)

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return api.create_response(request, {"detail": str(error) or "You may not do this."}, status=403)

    @api.exception_handler(HttpError)
    def unread(request: HttpRequest, error: HttpError) -> HttpResponse:
        cause = error.__cause__
        if isinstance(cause, UnprocessableError):  # the parser's, wrapped by the framework
            return _answer_faults(api, request, list(cause.faults))
        return api.create_response(request, {"detail": error.message}, status=error.status_code)


def explain_faults(api: NinjaAPI) -> None:
    """Answer bad input with 422 and the path of each fault, whoever found it."""

    @api.exception_handler(UnprocessableError)
    def unprocessable(request: HttpRequest, error: UnprocessableError) -> HttpResponse:
        return _answer_faults(api, request, list(error.faults))

    @api.exception_handler(InvalidBody)
    def invalid_body(request: HttpRequest, error: InvalidBody) -> HttpResponse:
        return _answer_faults(api, request, [body_fault(fault) for fault in error.errors])

    @api.exception_handler(InvalidInput)
    def invalid_input(request: HttpRequest, error: InvalidInput) -> HttpResponse:
        return _answer_faults(api, request, input_faults(error))


def answer_missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that is none: a page for people, JSON for programs."""
    if request.path.startswith(PROGRAMS):
        return JsonResponse({"detail": NOTHING_HERE}, status=404)
    return page_not_found(request, exception)


def answer_broken(request: HttpRequest) -> HttpResponse:
    """500 when the fault is ours: a page for people, JSON for programs."""
    if request.path.startswith(PROGRAMS):
        return JsonResponse({"detail": "Something went wrong here. It is in the log."}, status=500)
    return server_error(request)


def body_fault(fault: dict[str, Any]) -> tuple[str, str]:
    """Pydantic's location without the places that only the framework knows, and its sentence."""
    path = [str(part) for part in fault["loc"] if part not in ("body", "query", "path")]
    return ".".join(path[1:] if path and path[0] == "payload" else path), fault["msg"].removeprefix(
        "Value error, "
    )


def input_faults(error: InvalidInput) -> list[tuple[str, str]]:
    """Django's field errors as pairs of path and sentence."""
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    return [(field, message) for field, messages in error.message_dict.items() for message in messages]


def _answer_faults(api: NinjaAPI, request: HttpRequest, faults: list[tuple[str, str]]) -> HttpResponse:
    errors = [{"path": path, "message": message} for path, message in faults]
    return api.create_response(request, {"errors": errors}, status=422)
