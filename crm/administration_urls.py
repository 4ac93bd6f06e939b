"""The administrator's pages: accounts, roles, municipalities."""

from django.urls import path

from crm.views import exports, municipalities, roles, users

urlpatterns = [
    path("", users.user_list, name="administration"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/edit/", users.user_edit, name="user_edit"),
    path("users/<int:pk>/sign-in/", users.user_sign_in, name="user_sign_in"),
    path("users/<int:pk>/welcome/", users.user_welcome, name="user_welcome"),
    path("users/<int:pk>/roles/new/", roles.role_grant, name="role_grant"),
    path("roles/<int:pk>/end/", roles.role_end, name="role_end"),
    path("exports/", exports.export_list, name="exports"),
    path("municipalities/", municipalities.municipality_list, name="municipalities"),
    path("municipalities/<str:code>/", municipalities.municipality_edit, name="municipality_edit"),
]
