"""Addresses of the lists that figures count: every number leads to its records."""

from functools import cache
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def list_url(name: str, **filters: object) -> str:
    """The list page with these filters in its address; empty where there is no such page."""
    page = _page(name)
    return f"{page}?{urlencode(filters, safe=',:')}" if page else ""


@cache
def _page(name: str) -> str:
    try:
        return reverse(f"transition:{name}")
    except NoReverseMatch:
        return ""
