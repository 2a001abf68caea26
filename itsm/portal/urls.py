from django.urls import path

from itsm.portal.views import home

urlpatterns = [
    path("", home.my_work, name="home"),
]
