"""The left navigation: each app adds its pages in apps.py, lower apps know nothing of higher ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from itsm.kernel.actor import Actor
from itsm.kernel.permissions import Rule, allowed
from itsm.kernel.roles import Role

GROUPS = (
    "",
    "Changes",
    "Transition",
    "Operate & improve",
    "Knowledge",
    "Configuration",
    "Reports",
    "Administration",
)


@dataclass(frozen=True)
class Item:
    group: str
    label: str
    url_name: str
    order: int
    count: Callable[[Actor], int] | None
    visible: Callable[[Actor], bool] | None
    seldom: bool


@dataclass(frozen=True)
class Start:
    """Something that can be begun from anywhere: the palette offers it by name."""

    label: str
    url_name: str
    rule: Rule


_items: dict[str, Item] = {}
_starts: dict[str, Start] = {}


def add(
    group: str,
    label: str,
    url_name: str,
    order: int,
    count: Callable[[Actor], int] | None = None,
    visible: Callable[[Actor], bool] | None = None,
    seldom: bool = False,
) -> None:
    """Offer a page in the navigation; adding the same url name again replaces it.

    What is needed `seldom` is folded away behind *More* of its group until one is there.

    `count` says how much waits there for the actor; it runs on every full page and every
    half a minute while somebody looks, so it has to be one cheap query.
    """
    if group not in GROUPS:
        raise ValueError(f"No navigation group “{group}”; there are: {', '.join(GROUPS[1:])}.")
    _items[url_name] = Item(group, label, url_name, order, count, visible, seldom)


def start(label: str, url_name: str, rule: Rule) -> None:
    """Offer the form that begins something new, to whoever may begin it."""
    _starts[url_name] = Start(label, url_name, rule)


def places(actor: Actor) -> list[tuple[str, str]]:
    """(label, address) of what can be begun and of every page of the navigation, for this actor."""
    begun = [(each.label, reverse(each.url_name)) for each in _starts.values() if allowed(each.rule, actor)]
    pages = [i for i in _items.values() if not i.visible or i.visible(actor)]
    pages.sort(key=lambda item: (GROUPS.index(item.group), item.order))
    return begun + [(f"Go to {item.label}", url) for item in pages if (url := _url(item.url_name))]


def recount(url_name: str, count: Callable[[Actor], int]) -> None:
    """Count an item otherwise: a higher app that asks for many counts at once has this one among them."""
    _items[url_name] = replace(_items[url_name], count=count)


def counts(actor: Actor) -> list[dict[str, Any]]:
    """Everything that is counted in the frame, each by the key of its place."""
    counted = [i for i in _items.values() if i.count and (not i.visible or i.visible(actor))]
    found = [{"key": _key(item.url_name), "count": item.count(actor)} for item in counted if item.count]
    return [*found, {"key": "notifications", "count": _unread(actor)}]


def drawn(actor: Actor, path: str) -> list[dict[str, Any]]:
    """The groups that have something for this actor, the present page's item marked."""
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for item in sorted(_items.values(), key=lambda i: (i.order, i.label)):
        url = _url(item.url_name)
        if url is None or (item.visible and not item.visible(actor)):
            continue
        count = item.count(actor) if item.count else None
        known = {"label": item.label, "url": url, "key": _key(item.url_name), "count": count}
        found[item.group].append(known | {"seldom": item.seldom, "current": False})
    _mark_current([item for items in found.values() for item in items], path)
    return [_parts(label, items) for label, items in found.items() if items]


def _parts(label: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    more = [item for item in items if item["seldom"]]
    often = [item for item in items if not item["seldom"]]
    return {"label": label, "items": often, "more": more, "open": any(item["current"] for item in more)}


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Everything that costs a query is a function: a fragment never asks."""
    actor: Actor = getattr(request, "actor", None) or Actor.nobody()
    return {
        "demo": settings.DEMO,
        "oidc_name": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "navigation": cache(lambda: drawn(actor, request.path) if actor.user else []),
        "unread": cache(lambda: _unread(actor)),
        "my_roles": cache(lambda: _roles(actor)),
        "search_url": _url("search"),
        "palette_url": _url("palette"),
        "notifications_url": _url("notifications"),
        "ledger_url": _url("ledger"),
        "counts_url": _url("counts"),
    }


def _mark_current(items: list[dict[str, Any]], path: str) -> None:
    """The item whose address is the longest start of the path; the home page only when it is the path."""
    near = [i for i in items if i["url"] == path or (i["url"] != "/" and path.startswith(i["url"]))]
    if near:
        max(near, key=lambda item: len(item["url"]))["current"] = True


def _unread(actor: Actor) -> int:
    if actor.user is None:
        return 0
    from itsm.kernel.models import Notification

    return Notification.objects.filter(user=actor.user, read_at__isnull=True).count()


def _roles(actor: Actor) -> list[str]:
    if actor.user is None:
        return []
    names = sorted({str(Role(role).label) for role, _ in actor.assignments})
    return ["Administrator", *names] if actor.is_admin else names


def _key(url_name: str) -> str:
    return url_name.replace(":", "-")


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
