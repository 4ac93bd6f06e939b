from django.urls import path, register_converter

from contacts.models import AccessKind
from contacts.views import duplicates, households, notices, people


class AccessKindConverter:
    """«named» or «barred» in an address."""

    regex = "|".join(AccessKind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(AccessKindConverter, "access_kind")

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/export/", people.people_export, name="people_export"),
    path("people/duplicates/", duplicates.person_duplicates, name="person_duplicates"),
    path("people/<int:pk>/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/end/", people.member_end, name="member_end"),
    path("households/<int:pk>/", households.household, name="household"),
    path("households/<int:pk>/members/add/", people.member_add, name="member_add"),
    path("households/<int:pk>/origin/", households.household_origin, name="household_origin"),
    path("households/<int:pk>/notice/", households.household_notice, name="household_notice"),
    path("households/<int:pk>/<access_kind:kind>/add/", households.access_give, name="access_give"),
    path("accesses/<int:pk>/end/", households.access_end, name="access_end"),
    path("privacy-notices/<int:pk>/", notices.notice, name="privacy_notice"),
    path("administration/municipalities/<str:code>/notices/", notices.notice_list, name="privacy_notices"),
    path("administration/municipalities/<str:code>/notices/new/", notices.notice_new, name="privacy_notice_new"),
]
