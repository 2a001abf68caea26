"""Addresses of the lists that figures count: every number leads to its records."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def list_url(name: str, **filters: object) -> str:
    """The list page with these filters in its address; empty where there is no such page."""
    try:
        return f"{reverse(f'transition:{name}')}?{urlencode(filters, safe=',:')}"
    except NoReverseMatch:
        return ""
