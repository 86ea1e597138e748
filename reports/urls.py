"""The addresses of the reports; what is asked stands in the query string."""

from django.urls import path

from reports.views import (
    accuracy,
    calibration,
    coverage,
    distribution,
    effectiveness,
    forecast,
    funnel,
    home,
    profile,
    schedules,
)

app_name = "reports"

CSV, XLSX = {"kind": "csv"}, {"kind": "xlsx"}

urlpatterns = [
    path("reports/", home.home_page, name="home"),
    path("reports/month/csv/", home.home_file, CSV, name="home_csv"),
    path("reports/month/xlsx/", home.home_file, XLSX, name="home_xlsx"),
    path("reports/month/deals/", home.home_deal_list, name="home_deals"),
    path("reports/month/deals/csv/", home.home_deal_file, name="home_deals_csv"),
    path("reports/schedules/", schedules.schedule_list, name="schedules"),
    path("reports/schedules/add/", schedules.schedule_add, name="schedule_add"),
    path("reports/schedules/<int:pk>/", schedules.schedule_edit, name="schedule_edit"),
    path("reports/schedules/<int:pk>/stop/", schedules.schedule_stop, name="schedule_stop"),
    path("reports/schedules/<int:pk>/resume/", schedules.schedule_resume, name="schedule_resume"),
    path("reports/schedules/<int:pk>/send/", schedules.schedule_send, name="schedule_send"),
    path("reports/forecast/", forecast.forecast_page, name="forecast"),
    path("reports/forecast/csv/", forecast.forecast_file, CSV, name="forecast_csv"),
    path("reports/forecast/xlsx/", forecast.forecast_file, XLSX, name="forecast_xlsx"),
    path("reports/forecast/deals/", forecast.forecast_deal_list, name="forecast_deals"),
    path("reports/forecast/deals/csv/", forecast.forecast_deal_file, name="forecast_deals_csv"),
    path("reports/funnel/", funnel.funnel_page, name="funnel"),
    path("reports/funnel/csv/", funnel.funnel_file, CSV, name="funnel_csv"),
    path("reports/funnel/xlsx/", funnel.funnel_file, XLSX, name="funnel_xlsx"),
    path("reports/funnel/deals/", funnel.funnel_deal_list, name="funnel_deals"),
    path("reports/funnel/deals/csv/", funnel.funnel_deal_file, name="funnel_deals_csv"),
    path("reports/coverage/", coverage.coverage_page, name="coverage"),
    path("reports/coverage/csv/", coverage.coverage_file, CSV, name="coverage_csv"),
    path("reports/coverage/xlsx/", coverage.coverage_file, XLSX, name="coverage_xlsx"),
    path("reports/accuracy/", accuracy.accuracy_page, name="accuracy"),
    path("reports/accuracy/csv/", accuracy.accuracy_file, CSV, name="accuracy_csv"),
    path("reports/accuracy/xlsx/", accuracy.accuracy_file, XLSX, name="accuracy_xlsx"),
    path("reports/accuracy/deals/", accuracy.accuracy_deal_list, name="accuracy_deals"),
    path("reports/accuracy/deals/csv/", accuracy.accuracy_deal_file, name="accuracy_deals_csv"),
    path("reports/effectiveness/", effectiveness.effectiveness_page, name="effectiveness"),
    path("reports/effectiveness/csv/", effectiveness.effectiveness_file, CSV, name="effectiveness_csv"),
    path("reports/effectiveness/xlsx/", effectiveness.effectiveness_file, XLSX, name="effectiveness_xlsx"),
    path("reports/effectiveness/deals/", effectiveness.effectiveness_deal_list, name="effectiveness_deals"),
    path(
        "reports/effectiveness/deals/csv/",
        effectiveness.effectiveness_deal_file,
        name="effectiveness_deals_csv",
    ),
    path("reports/calibration/", calibration.calibration_page, name="calibration"),
    path("reports/calibration/csv/", calibration.calibration_file, CSV, name="calibration_csv"),
    path("reports/calibration/xlsx/", calibration.calibration_file, XLSX, name="calibration_xlsx"),
    path("reports/calibration/deals/", calibration.calibration_deal_list, name="calibration_deals"),
    path("reports/calibration/deals/csv/", calibration.calibration_deal_file, name="calibration_deals_csv"),
    path("reports/calibration/adopt/", calibration.calibration_adopt, name="calibration_adopt"),
    path("reports/profile/", profile.profile_page, name="profile"),
    path("reports/profile/learn/", profile.profile_learn, name="profile_learn"),
    path("reports/profile/csv/", profile.profile_file, CSV, name="profile_csv"),
    path("reports/profile/xlsx/", profile.profile_file, XLSX, name="profile_xlsx"),
    path("reports/profile/leads/", profile.profile_lead_list, name="profile_leads"),
    path("reports/profile/leads/csv/", profile.profile_lead_file, name="profile_leads_csv"),
    path("reports/distribution/", distribution.distribution_page, name="distribution"),
    path("reports/distribution/csv/", distribution.distribution_file, CSV, name="distribution_csv"),
    path("reports/distribution/xlsx/", distribution.distribution_file, XLSX, name="distribution_xlsx"),
    path("reports/distribution/leads/", distribution.distribution_lead_list, name="distribution_leads"),
    path(
        "reports/distribution/leads/csv/", distribution.distribution_lead_file, name="distribution_leads_csv"
    ),
]
