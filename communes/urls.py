"""Pages of this app."""

from django.urls import URLPattern, path

from communes.views import audit, clients, people

urlpatterns: list[URLPattern] = [
    path("users/", people.people_list, name="people"),
    path("users/new/", people.person_new, name="person_new"),
    path("users/<int:user_id>/", people.person, name="person"),
    path("users/<int:user_id>/account/", people.person_account, name="person_account"),
    path("users/<int:user_id>/roles/", people.role_add, name="role_add"),
    path("users/<int:user_id>/roles/<int:assignment_id>/", people.role_change, name="role_change"),
    path("audit/", audit.audit_list, name="audit"),
    path("audit/export/", audit.audit_export, name="audit_export"),
    path("api-clients/", clients.client_list, name="api_clients"),
    path("api-clients/<int:client_id>/", clients.client_change, name="api_client_change"),
]
