"""The addresses of scoring outside the admin."""

from django.urls import path

from scoring import views

app_name = "scoring"
urlpatterns = [path("scoring/", views.how_scored, name="how")]
