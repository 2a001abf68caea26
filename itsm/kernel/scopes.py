"""What an API token is good for: reading, writing, deciding, and with which apps' resources."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Write (and read)")
    DECIDE = "decide", _("Decide what people have to sign in again for: emergencies and risks")
    CMDB = "cmdb", _("Only configuration")
    KNOWLEDGE = "knowledge", _("Only knowledge")
    CHANGES = "changes", _("Only changes")
    TRANSITION = "transition", _("Only transition")
    KERNEL = "kernel", _("Only users, tokens, notifications, ledger, deliveries and search")


VERBS = (Scope.READ, Scope.WRITE, Scope.DECIDE)
APPS = (Scope.CMDB, Scope.KNOWLEDGE, Scope.CHANGES, Scope.TRANSITION, Scope.KERNEL)
EVERYTHING = tuple(str(verb) for verb in VERBS)  # no app named: all of them
SAFE = {"GET", "HEAD", "OPTIONS"}


def app_of(path: str) -> Scope:
    """The app whose resource is at this path below /api/: its first part, or else the kernel."""
    first = path.removeprefix("/api/").partition("/")[0]
    return Scope(first) if first in APPS else Scope.KERNEL


def missing(scopes: Iterable[str], method: str, path: str) -> Scope | None:
    """The scope that a token lacks for this request; None when it will do."""
    held = set(scopes)
    verb = Scope.READ if method in SAFE else Scope.WRITE
    if not held & ({Scope.READ, Scope.WRITE} if verb == Scope.READ else {Scope.WRITE}):
        return verb
    app = app_of(path)
    return app if held & set(APPS) and app not in held else None


def within(wanted: Iterable[str], held: Iterable[str]) -> bool:
    """Whether a token with the scopes wanted could do nothing that one with those held cannot."""
    wanted, held = set(wanted), set(held)
    apps, held_apps = wanted & set(APPS), held & set(APPS)
    verbs = held | {Scope.READ} if Scope.WRITE in held else held
    return wanted & set(VERBS) <= verbs and (not held_apps or (bool(apps) and apps <= held_apps))
