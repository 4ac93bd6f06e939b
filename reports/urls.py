from django.urls import path

from reports import views

urlpatterns = [
    path("results/", views.results, name="results"),
    path("results/export/", views.side_by_side_file, name="side_by_side_export"),
    path("results/<slug:indicator>/<slug:line>/", views.figure, name="figure"),
    path("results/<slug:indicator>/<slug:line>/export/", views.figure_file, name="figure_export"),
    path("report/", views.report, name="report"),
    path("report/<slug:indicator>/export/", views.table_file, name="table_export"),
    path("report/pdf/", views.report_pdf, name="report_pdf"),
]
