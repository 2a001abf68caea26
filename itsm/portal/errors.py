"""What is shown when no view answers: a page, or a problem document below /api/."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from itsm.kernel.api.problems import page_or_problem


def _answer(request: HttpRequest, status: int, detail: str, code: str) -> HttpResponse:
    return page_or_problem(
        request,
        status,
        detail,
        code,
        lambda: render(request, f"errors/{status}.html", {"detail": detail}, status=status),
    )


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 403, str(exception or "") or "You may not do this.", "forbidden")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _answer(request, 404, "There is nothing at this address, or you may not see it.", "not_found")


def broken(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, "Something went wrong on our side. It has been logged.", "server_error")
