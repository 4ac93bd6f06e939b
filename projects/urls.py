from django.urls import path

from projects import administration, views

urlpatterns = [
    path("cases/<str:reference>/major-project/", views.case_major_project, name="case_major_project"),
    path("cases/<str:reference>/major-project/edit/", views.case_major_project_edit, name="case_major_project_edit"),
    path("administration/projects/", administration.project_roles, name="project_roles"),
    path("administration/projects/<str:code>/roles/new/", administration.project_role_grant, name="project_role_grant"),
]
