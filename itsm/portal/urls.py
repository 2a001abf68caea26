from typing import Any

from django.urls import path

from itsm.portal.views import (
    access,
    account,
    delegations,
    deliveries,
    history,
    ledger,
    notifications,
    search,
    sessions,
    tokens,
    webhook_deliveries,
    webhooks,
    work,
)
from itsm.portal.views.administration import index, people, roles, settings, teams
from itsm.portal.views.administration import tokens as all_tokens

PERSON_VERBS = {
    "edit": people.edit,
    "grant": people.grant,
    "invite": people.invite,
    "reset-second-factor": people.reset_second_factor,
    "appoint": people.appoint,
    "dismiss": people.dismiss,
    "reactivate": people.reactivate,
    "deactivate": people.deactivate,
}
TEAM_VERBS = {
    "edit": teams.edit,
    "add-members": teams.add_members,
    "remove-member": teams.remove_member,
    "grant": teams.grant,
    "retire": teams.retire,
}
WEBHOOK_VERBS = {
    "edit": webhooks.edit,
    "rotate": webhooks.rotate,
    "ping": webhooks.ping,
    "enable": webhooks.enable,
    "disable": webhooks.disable,
}


def _verbs(where: str, page: str, views: dict[str, Any]) -> list[Any]:
    """What is done with one record, each on a page of its own."""
    return [path(f"{where}/<int:pk>/{verb}/", view, name=f"{page}-{verb}") for verb, view in views.items()]


urlpatterns = [
    path("", work.my_work, name="home"),
    path("my-work/<slug:kind>/<int:pk>/", work.do, name="work-do"),
    path("counts/", work.counts, name="counts"),
    path("account/", account.show, name="account"),
    path("account/delegations/", delegations.list_, name="delegations"),
    path("account/delegations/new/", delegations.new, name="delegation-new"),
    path("account/delegations/<slug:number>/end/", delegations.end, name="delegation-end"),
    path("account/sessions/", sessions.list_, name="sessions"),
    path("account/sessions/end-others/", sessions.end_others, name="sessions-end-others"),
    path("account/sessions/<int:pk>/end/", sessions.end, name="session-end"),
    path("account/tokens/", tokens.list_, name="tokens"),
    path("account/tokens/new/", tokens.new, name="token-new"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("history/<slug:number>/", history.show, name="history"),
    path("search/", search.search, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("ledger/", ledger.list_, name="ledger"),
    path("ledger/checkpoints/", ledger.checkpoints_, name="ledger-checkpoints"),
    path("ledger/verify/", ledger.verify, name="ledger-verify"),
    path("ledger/<int:sequence>/", ledger.entry, name="ledger-entry"),
    path("deliveries/", deliveries.list_, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("administration/", index.show, name="administration"),
    path("administration/people/", people.list_, name="people"),
    path("administration/people/new/", people.create, name="person-create"),
    path("administration/people/<int:pk>/", people.detail, name="person"),
    *_verbs("administration/people", "person", PERSON_VERBS),
    path("administration/teams/", teams.list_, name="teams"),
    path("administration/teams/new/", teams.create, name="team-create"),
    path("administration/teams/<int:pk>/", teams.detail, name="team"),
    *_verbs("administration/teams", "team", TEAM_VERBS),
    path("administration/roles/<int:pk>/end/", roles.end, name="role-end"),
    path("administration/tokens/", all_tokens.list_, name="all-tokens"),
    path("administration/tokens/<int:pk>/revoke/", all_tokens.revoke, name="any-token-revoke"),
    path("administration/organisation/", settings.show, name="organisation"),
    path("administration/organisation/edit/", settings.edit, name="organisation-edit"),
    path("administration/access/", access.show, name="access"),
    path("administration/webhooks/", webhooks.list_, name="webhooks"),
    path("administration/webhooks/new/", webhooks.create, name="webhook-create"),
    path("administration/webhooks/deliveries/", webhook_deliveries.list_, name="webhook-deliveries"),
    path("administration/webhooks/deliveries/<int:pk>/", webhook_deliveries.delivery, name="webhook-delivery"),
    path("administration/webhooks/<int:pk>/", webhooks.detail, name="webhook-detail"),
    *_verbs("administration/webhooks", "webhook", WEBHOOK_VERBS),
    path("notifications/", notifications.list_, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications-read"),
    path("notifications/preferences/", notifications.preferences, name="notification-preferences"),
    path("notifications/muted/<int:pk>/unmute/", notifications.unmute, name="notification-unmute"),
    path("notifications/<int:pk>/", notifications.open_, name="notification-open"),
    path("notifications/<int:pk>/mute/", notifications.mute, name="notification-mute"),
]
