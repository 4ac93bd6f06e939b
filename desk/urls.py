from django.urls import path

from desk.views import help, home

urlpatterns = [
    path("", home.home, name="home"),
    path("help/lifecycle/", help.lifecycle, name="help_lifecycle"),
]
