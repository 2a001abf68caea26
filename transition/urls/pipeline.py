from django.urls import path

from transition.views import dora, pipeline_events, pipeline_sources

urlpatterns = [
    path("figures/", dora.show, name="dora"),
    path("pipeline-events/", pipeline_events.list_, name="pipeline-event-list"),
    path("pipeline-events/<str:number>/", pipeline_events.detail, name="pipeline-event-detail"),
    path("pipeline-events/<str:number>/retry/", pipeline_events.retry, name="pipeline-event-retry"),
    path("pipeline-sources/", pipeline_sources.list_, name="pipeline-source-list"),
    path("pipeline-sources/new/", pipeline_sources.create, name="pipeline-source-create"),
    path("pipeline-sources/<str:number>/", pipeline_sources.detail, name="pipeline-source-detail"),
    path("pipeline-sources/<str:number>/edit/", pipeline_sources.edit, name="pipeline-source-edit"),
    path("pipeline-sources/<str:number>/rotate/", pipeline_sources.rotate, name="pipeline-source-rotate"),
    path("pipeline-sources/<str:number>/disable/", pipeline_sources.disable, name="pipeline-source-disable"),
    path("pipeline-sources/<str:number>/enable/", pipeline_sources.enable, name="pipeline-source-enable"),
]
