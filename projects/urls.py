from django.urls import path

from projects import views

urlpatterns = [
    path("cases/<str:reference>/major-project/", views.case_major_project, name="case_major_project"),
    path("cases/<str:reference>/major-project/edit/", views.case_major_project_edit, name="case_major_project_edit"),
]
