"""Every error as an RFC 9457 problem document."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from itsm.kernel.errors import DomainError, Stale

MEDIA_TYPE = "application/problem+json"


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"

    def __init__(self) -> None:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        super().__init__(f"The body is larger than {most:,} bytes. Send it in several; large lists as a file.")


def document(status: int, detail: str, *, code: str, **more: Any) -> dict[str, Any]:
    return {
        "type": f"urn:slipway:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        **{name: value for name, value in more.items() if value},
    }


def pointers(errors: Any, at: str = "") -> list[dict[str, str]]:
    """Errors by field, nested as deep as they come, as a flat list of JSON pointers."""
    if isinstance(errors, dict):
        nested = [(f"{at}/{name}" if name != "non_field_errors" else at, value) for name, value in errors.items()]
        return [found for pointer, value in nested for found in pointers(value, pointer)]
    if isinstance(errors, list | tuple):
        if any(isinstance(item, dict) for item in errors):
            return [found for i, item in enumerate(errors) for found in pointers(item, f"{at}/{i}")]
        return [found for item in errors for found in pointers(item, at)]
    return [{"pointer": at, "detail": str(errors), "code": str(getattr(errors, "code", "invalid"))}]


def answer(problem: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    return Response(problem, status=problem["status"], headers=headers, content_type=MEDIA_TYPE)


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The one exception handler of the API; None lets an unforeseen error become a 500."""
    _as_json(context.get("request"))
    if isinstance(error, DomainError):
        set_rollback()
        return answer(_of_domain(error), {"ETag": f'"r{error.revision}"'} if isinstance(error, Stale) else None)
    if isinstance(error, Http404):
        error = exceptions.NotFound("There is no such record, or you may not see it.")
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, SuspiciousOperation):
        error = exceptions.ParseError(str(error))
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    return answer(_of_rest(error), _headers(error))


def _as_json(request: Any) -> None:
    """A problem is JSON, also where the list was asked for as CSV."""
    if request is not None and hasattr(request, "accepted_renderer"):
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type


def _of_domain(error: DomainError) -> dict[str, Any]:
    return document(
        error.status,
        error.message,
        code=error.code,
        errors=pointers(error.errors) if error.errors else [],
        checks=error.checks,
    )


def _of_rest(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        errors = pointers(error.detail)
        detail = "; ".join(f"{e['pointer'].lstrip('/') or 'body'}: {e['detail']}" for e in errors[:5])
        return document(error.status_code, detail, code="invalid", errors=errors)
    code = error.get_codes()
    return document(error.status_code, str(error.detail), code=code if isinstance(code, str) else "error")


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return headers


def page_or_problem(request: HttpRequest, status: int, detail: str, code: str, render: Any) -> HttpResponse:
    """An error outside any view: a problem document below /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return JsonResponse(document(status, detail, code=code), status=status, content_type=MEDIA_TYPE)
    return render()
