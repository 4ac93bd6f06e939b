"""The administrator's pages: accounts, roles, municipalities."""

from django.urls import path

from crm.views import exports, municipalities, roles, users

urlpatterns = [
    path("", users.user_list, name="administration"),
    path("export/", users.user_list_export, name="accounts_export"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/edit/", users.user_edit, name="user_edit"),
    path("users/<int:pk>/sign-in/", users.user_sign_in, name="user_sign_in"),
    path("users/<int:pk>/welcome/", users.user_welcome, name="user_welcome"),
    path("users/<int:pk>/roles/new/", roles.role_grant, name="role_grant"),
    path("roles/<int:pk>/end/", roles.role_end, name="role_end"),
    path("exports/", exports.export_list, name="exports"),
    path("exports/export/", exports.export_list_export, name="exports_export"),
    path("municipalities/", municipalities.municipality_list, name="municipalities"),
    path("municipalities/export/", municipalities.municipality_list_export, name="municipalities_export"),
    path("municipalities/<str:code>/", municipalities.municipality_edit, name="municipality_edit"),
]
