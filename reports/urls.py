"""The addresses of the reports; what is asked stands in the query string."""

from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("reports/forecast/", views.forecast_page, name="forecast"),
    path("reports/forecast/csv/", views.forecast_csv, name="forecast_csv"),
    path("reports/forecast/deals/", views.forecast_deal_list, name="forecast_deals"),
    path("reports/funnel/", views.funnel_page, name="funnel"),
    path("reports/funnel/csv/", views.funnel_csv, name="funnel_csv"),
    path("reports/funnel/deals/", views.funnel_deal_list, name="funnel_deals"),
]
