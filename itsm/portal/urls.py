from django.urls import path

from itsm.portal.views import deliveries, home, ledger, notifications, search

urlpatterns = [
    path("", home.my_work, name="home"),
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
