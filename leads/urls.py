"""The addresses of companies, contacts and notifications; pipeline puts them into the namespace `leads`."""

from django.urls import path

from leads import views

urlpatterns = [
    path("companies/", views.company_list, name="companies"),
    path("companies/add/", views.company_add, name="company_add"),
    path("companies/<int:pk>/", views.company_detail, name="company"),
    path("companies/<int:pk>/edit/", views.company_edit, name="company_edit"),
    path("contacts/", views.contact_list, name="contacts"),
    path("contacts/add/", views.contact_add, name="contact_add"),
    path("contacts/<int:pk>/", views.contact_detail, name="contact"),
    path("contacts/<int:pk>/edit/", views.contact_edit, name="contact_edit"),
    path("duplicates/", views.duplicate_list, name="duplicates"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("follow-up/", views.follow_up, name="follow_up"),
    path("follow-up/calendar/renew/", views.calendar_renew, name="calendar_renew"),
    path("follow-up/calendar/end/", views.calendar_end, name="calendar_end"),
    path("calendar/<str:token>/tasks.ics", views.calendar, name="calendar"),
    path("views/save/", views.view_save, name="view_save"),
    path("views/<int:pk>/delete/", views.view_delete, name="view_delete"),
    path("notifications/", views.notification_list, name="notifications"),
    path("notifications/bell/", views.bell, name="bell"),
    path("notifications/read/", views.notification_read, name="notification_read"),
]
