"""The map of the site: pages by app, the API below /api/, health at the root."""

from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from changes.api import calendar, outages
from itsm.api import router
from itsm.kernel import picking
from itsm.kernel.api.organisation import OrganisationView
from itsm.portal import api_history, api_measures, errors, health, metrics, support
from itsm.portal.api import search
from knowledge.api import coverage
from transition import api as transition

api = [
    path("transition/events/github/", transition.GitHubWebhook.as_view(), name="events-github"),
    path("transition/events/gitlab/", transition.GitLabWebhook.as_view(), name="events-gitlab"),
    *router.urls,
    path("changes/calendar/", calendar, name="calendar"),
    path("changes/calendar/outages/", outages, name="calendar-outages"),
    path("knowledge/coverage/", coverage, name="coverage"),
    path("history/", api_history.story, name="history"),
    path("history/as-of/", api_history.as_of, name="history-as-of"),
    path("metrics/", api_measures.measures, name="measures"),
    path("metrics/<slug:name>/", api_measures.measure, name="measure"),
    path("organisation/", OrganisationView.as_view(), name="organisation"),
    path("search/", search, name="search"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
]

urlpatterns = [
    path("", include("itsm.portal.urls")),
    path("suggest/<slug:kind>/", picking.suggest, name="suggest"),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics.show, name="metrics"),
    path("accounts/email/", RedirectView.as_view(pattern_name="account")),  # an administrator keeps the addresses
    path("accounts/sessions/", RedirectView.as_view(pattern_name="sessions")),
    path("accounts/", include("allauth.urls")),
    path("admin/", support.site.urls),
    path("cmdb/", include("cmdb.urls")),
    path("knowledge/", include("knowledge.urls")),
    path("changes/", include("changes.urls")),
    path("transition/", include("transition.urls")),
    path("api/", include((api, "api"))),
]

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
