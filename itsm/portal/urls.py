from django.urls import path

from itsm.portal.views import account, deliveries, ledger, notifications, search, sessions, tokens, work

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
    path("ledger/", ledger.list_, name="ledger"),
    path("ledger/checkpoints/", ledger.checkpoints_, name="ledger-checkpoints"),
    path("ledger/verify/", ledger.verify, name="ledger-verify"),
    path("ledger/<int:sequence>/", ledger.entry, name="ledger-entry"),
    path("deliveries/", deliveries.list_, name="deliveries"),
    path("deliveries/<int:pk>/", deliveries.delivery, name="delivery"),
    path("notifications/", notifications.list_, name="notifications"),
    path("notifications/read/", notifications.read_all, name="notifications-read"),
]
