from django.urls import path

from desk.views import help, home, my_day, tasks

urlpatterns = [
    path("", home.home, name="home"),
    path("start/", home.start, name="start"),
    path("my-day/", my_day.my_day, name="my_day"),
    path("my-day/tasks/", tasks.my_tasks, name="my_tasks"),
    path("my-day/tasks/export/", tasks.my_tasks_export, name="my_tasks_export"),
    path("my-day/take/<str:reference>/", my_day.take, name="my_day_take"),
    path("help/lifecycle/", help.lifecycle, name="help_lifecycle"),
]
