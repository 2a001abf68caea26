from django.urls import path

from itsm.portal.views import (
    access,
    account,
    deliveries,
    ledger,
    notifications,
    search,
    sessions,
    tokens,
    webhook_deliveries,
    webhooks,
    work,
)

WEBHOOK_VERBS = [
    ("edit", webhooks.edit),
    ("rotate", webhooks.rotate),
    ("ping", webhooks.ping),
    ("enable", webhooks.enable),
    ("disable", webhooks.disable),
]

urlpatterns = [
    path("", work.my_work, name="home"),
    path("my-work/<slug:kind>/<int:pk>/", work.do, name="work-do"),
    path("counts/", work.counts, name="counts"),
    path("account/", account.show, name="account"),
    path("account/sessions/", sessions.list_, name="sessions"),
    path("account/sessions/end-others/", sessions.end_others, name="sessions-end-others"),
    path("account/sessions/<int:pk>/end/", sessions.end, name="session-end"),
    path("account/tokens/", tokens.list_, name="tokens"),
    path("account/tokens/new/", tokens.new, name="token-new"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("search/", search.search, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("ledger/", ledger.list_, name="ledger"),
    path("ledger/checkpoints/", ledger.checkpoints_, name="ledger-checkpoints"),
    path("ledger/verify/", ledger.verify, name="ledger-verify"),
    path("ledger/<int:sequence>/", ledger.entry, name="ledger-entry"),
    path("deliveries/", deliveries.list_, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("administration/access/", access.show, name="access"),
    path("administration/webhooks/", webhooks.list_, name="webhooks"),
    path("administration/webhooks/new/", webhooks.create, name="webhook-create"),
    path("administration/webhooks/deliveries/", webhook_deliveries.list_, name="webhook-deliveries"),
    path("administration/webhooks/deliveries/<int:pk>/", webhook_deliveries.delivery, name="webhook-delivery"),
    path("administration/webhooks/<int:pk>/", webhooks.detail, name="webhook-detail"),
    *[path(f"administration/webhooks/<int:pk>/{verb}/", view, name=f"webhook-{verb}") for verb, view in WEBHOOK_VERBS],
    path("notifications/", notifications.list_, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications-read"),
]
