"""The pages of transition: from plan to stream, and from deployment to improvement."""

from transition.urls import delivery, operation, pipeline

app_name = "transition"
urlpatterns = [*delivery.urlpatterns, *operation.urlpatterns, *pipeline.urlpatterns]
