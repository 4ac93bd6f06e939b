from django.urls import path

from projects import administration, views

urlpatterns = [
    path("cases/<str:reference>/major-project/", views.case_major_project, name="case_major_project"),
    path("cases/<str:reference>/major-project/edit/", views.case_major_project_edit, name="case_major_project_edit"),
    path("major-projects/", views.major_project_list, name="major_projects"),
    path("major-projects/export/", views.major_project_list_export, name="major_projects_export"),
    path("major-projects/new/", views.major_project_new, name="major_project_new"),
    path("major-projects/<int:pk>/edit/", views.major_project_edit, name="major_project_edit"),
    path("administration/projects/", administration.project_list, name="project_list"),
    path("administration/projects/export/", administration.project_list_export, name="project_list_export"),
    path("administration/projects/new/", administration.project_new, name="project_new"),
    path("administration/projects/<str:code>/edit/", administration.project_edit, name="project_edit"),
    path("administration/projects/<str:code>/roles/new/", administration.project_role_grant, name="project_role_grant"),
    path("administration/projects/<str:code>/partners/new/", administration.partner_join, name="partner_join"),
    path("administration/partners/<int:pk>/leave/", administration.partner_leave, name="partner_leave"),
    path("administration/partners/<int:pk>/correct/", administration.partner_correct, name="partner_correct"),
]
