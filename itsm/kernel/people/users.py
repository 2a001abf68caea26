"""Accounts: invited, changed, closed and opened again. Nobody but their owner ever knows a password."""

import zoneinfo
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from itsm.kernel import events, mail
from itsm.kernel.actor import Actor
from itsm.kernel.errors import DomainError, InvalidInput
from itsm.kernel.models import ApiToken, User
from itsm.kernel.operation import operation
from itsm.kernel.people.rules import may_administer
from itsm.kernel.permissions import require
from itsm.kernel.step_up import require_recent
from itsm.kernel.uniqueness import unique

EDITABLE = frozenset({"first_name", "last_name", "email", "time_zone", "needs_second_factor"})


class LastAdministrator(DomainError):
    code = "last_administrator"


class Deactivated(DomainError):
    code = "deactivated"


class ActiveAlready(DomainError):
    code = "active_already"


class OfAMachine(DomainError):
    code = "machine_account"


class NoAddress(DomainError):
    code = "no_mail_address"


class NothingToReset(DomainError):
    code = "no_second_factor"


class AdministratorAlready(DomainError):
    code = "administrator_already"


class NoAdministrator(DomainError):
    code = "no_administrator"


@operation
def create(*, username: str, actor: Actor, is_machine: bool = False, invited: bool = True, **about: Any) -> User:
    """An account without a password; a person is sent a link to choose one, unless signed in otherwise."""
    require(may_administer, actor)
    user = User(username=username.strip(), is_machine=is_machine)
    user.set_unusable_password()
    _change(user, about)
    try:
        UnicodeUsernameValidator()(user.username)
    except ValidationError as error:
        raise InvalidInput.at("username", error.messages[0]) from error
    with unique("username", f"There is a user {user.username} already."):
        user.save()
    events.record("kernel.user.created", user, actor=actor)
    if invited and not is_machine:
        _invite(user, actor)
    return user


@operation
def update(*, user_id: int, actor: Actor, **changes: Any) -> User:
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    before = {field: getattr(user, field) for field in changes if field in EDITABLE}
    _change(user, changes)
    if changed := sorted(field for field, value in before.items() if getattr(user, field) != value):
        user.save(update_fields=changed)
        events.record("kernel.user.updated", user, actor=actor, fields=changed)
    return user


def _change(user: User, changes: dict[str, Any]) -> None:
    for field, value in changes.items():
        if field not in EDITABLE:
            raise InvalidInput.at(field, "This cannot be changed here.")
        setattr(user, field, value.strip() if isinstance(value, str) else value)
    check_zone("time_zone", user.time_zone)
    if user.email:
        _check_address(user)


def check_zone(field: str, name: str) -> None:
    if name and name not in zoneinfo.available_timezones():
        raise InvalidInput.at(field, f"There is no time zone {name!r}. Give an IANA name, such as Europe/Berlin.")


def _check_address(user: User) -> None:
    try:
        validate_email(user.email)
    except ValidationError as error:
        raise InvalidInput.at("email", error.messages[0]) from error
    others = User.objects.filter(email__iexact=user.email).exclude(pk=user.pk)
    if other := others.first():
        raise InvalidInput.at("email", f"This is the address of {other} ({other.username}) already.")


@operation
def invite(*, user_id: int, actor: Actor) -> User:
    """Send a link by which the person chooses a new password; the old one counts until then."""
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    _invite(user, actor)
    return user


def _invite(user: User, actor: Actor) -> None:
    if user.is_machine:
        raise OfAMachine(f"{user} is a machine account and does not sign in. Make a token for it.")
    if not user.is_active:
        raise Deactivated(f"{user} is deactivated. Reactivate the account first.")
    if not user.email:
        raise NoAddress("There is no mail address to send the link to.", errors={"email": ["Give an address."]})
    mail.check_set_up()
    events.record("kernel.user.invited", user, actor=actor)


@operation
def deactivate(*, user_id: int, reason: str, actor: Actor, now: datetime) -> User:
    """Close the account: the next request of its sessions and tokens is refused; neither comes back later."""
    administrators = _locked_administrators()
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    _check_reason(reason)
    if not user.is_active:
        raise Deactivated(f"{user} is deactivated already.")
    _check_not_last(user, administrators)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
    events.record("kernel.user.deactivated", user, actor=actor, reason=reason.strip())
    return user


def end_sessions(user: User) -> None:
    mine = UserSession.objects.filter(user=user)
    Session.objects.filter(session_key__in=mine.values("session_key")).delete()
    mine.delete()


@operation
def reactivate(*, user_id: int, actor: Actor) -> User:
    """Open the account again, with the roles that have not ended; tokens are made anew."""
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    if user.is_active:
        raise ActiveAlready(f"{user} is active already.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    events.record("kernel.user.reactivated", user, actor=actor)
    return user


@operation
def reset_second_factor(*, user_id: int, reason: str, actor: Actor) -> User:
    """Take authenticator apps, keys and recovery codes away, and end all sessions: for who has lost them."""
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    _check_reason(reason)
    require_recent(actor, "To reset a second factor")
    if not Authenticator.objects.filter(user=user).delete()[0]:
        raise NothingToReset(f"{user} has no second factor.")
    end_sessions(user)
    events.record("kernel.user.second_factor_reset", user, actor=actor, reason=reason.strip())
    return user


@operation
def appoint(*, user_id: int, reason: str, actor: Actor) -> User:
    """Make the person an administrator, who may do everything, and see the support pages."""
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    _check_reason(reason)
    require_recent(actor, "To appoint an administrator")
    if user.is_machine:
        raise OfAMachine(f"{user} is a machine account. Only a person administers.")
    if not user.is_active:
        raise Deactivated(f"{user} is deactivated. Reactivate the account first.")
    if user.is_superuser:
        raise AdministratorAlready(f"{user} is an administrator already.")
    user.is_superuser = user.is_staff = True
    user.save(update_fields=["is_superuser", "is_staff"])
    events.record("kernel.user.appointed", user, actor=actor, reason=reason.strip())
    return user


@operation
def dismiss(*, user_id: int, reason: str, actor: Actor) -> User:
    """The person is no administrator any more; roles stay."""
    administrators = _locked_administrators()
    user: User = User.objects.lock(user_id)
    require(may_administer, actor, user)
    _check_reason(reason)
    require_recent(actor, "To dismiss an administrator")
    if not user.is_superuser:
        raise NoAdministrator(f"{user} is no administrator.")
    _check_not_last(user, administrators)
    user.is_superuser = user.is_staff = False
    user.save(update_fields=["is_superuser", "is_staff"])
    events.record("kernel.user.dismissed", user, actor=actor, reason=reason.strip())
    return user


def _locked_administrators() -> list[User]:
    """All of them, locked: two who dismiss each other at once must not both succeed."""
    return list(User.objects.administrators().select_for_update().order_by("pk"))


def _check_not_last(user: User, administrators: list[User]) -> None:
    if user in administrators and len(administrators) == 1:
        raise LastAdministrator(f"{user} is the last administrator. Appoint another one first.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput.at("reason", "Say why, for whoever wonders later.")
