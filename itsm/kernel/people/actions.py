"""What can be done with people, teams and roles, for buttons and for the API's `actions`."""

from itsm.kernel.actions import Action, declare
from itsm.kernel.models import ApiToken, Organisation, RoleAssignment, Team, User
from itsm.kernel.people.rules import may_administer


def _closed(user: User) -> str | None:
    return None if user.is_active else f"{user} is deactivated."


def _open(user: User) -> str | None:
    return f"{user} is active." if user.is_active else None


def _signs_in_not(user: User) -> str | None:
    if user.is_machine:
        return f"{user} is a machine account and never signs in."
    return _closed(user) or (None if user.email else "There is no mail address to send a link to.")


def _appointed(user: User) -> str | None:
    if user.is_machine:
        return "Only a person administers."
    return _closed(user) or (f"{user} is an administrator." if user.is_superuser else None)


def _no_administrator(user: User) -> str | None:
    return None if user.is_superuser else f"{user} is no administrator."


def _no_factor(user: User) -> str | None:
    known = getattr(user, "second_factor", None)
    return "There is no second factor." if known is False else None


def _retired(team: Team) -> str | None:
    return f"{team} is retired." if team.retired_at else None


PERSON_ACTIONS = (
    Action("grant", "Grant a role", may_administer, unless=_closed, primary=True),
    Action("edit", "Edit", may_administer),
    Action("invite", "Send a link for a password", may_administer, unless=_signs_in_not),
    Action("reset-second-factor", "Reset the second factor", may_administer, unless=_no_factor),
    Action("appoint", "Make administrator", may_administer, unless=_appointed),
    Action("dismiss", "Take administration away", may_administer, unless=_no_administrator),
    Action("reactivate", "Reactivate", may_administer, unless=_open, primary=True),
    Action("deactivate", "Deactivate", may_administer, unless=_closed, danger=True),
)
TEAM_ACTIONS = (
    Action("add-members", "Add members", may_administer, unless=_retired, primary=True),
    Action("grant", "Grant a role", may_administer, unless=_retired),
    Action("edit", "Edit", may_administer, unless=_retired),
    Action("remove-member", "Remove a member", may_administer, unless=_retired),
    Action("retire", "Retire", may_administer, unless=_retired, danger=True),
)
ROLE_ACTIONS = (Action("end", "End", may_administer, danger=True),)
TOKEN_ACTIONS = (Action("revoke", "Revoke", may_administer, danger=True),)
ORGANISATION_ACTIONS = (Action("edit", "Edit", may_administer, primary=True),)

declare(User, PERSON_ACTIONS)
declare(Team, TEAM_ACTIONS)
declare(RoleAssignment, ROLE_ACTIONS)
declare(ApiToken, TOKEN_ACTIONS)
declare(Organisation, ORGANISATION_ACTIONS)
