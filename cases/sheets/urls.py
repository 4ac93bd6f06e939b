from django.urls import path

from cases.sheets import views

urlpatterns = [
    path("", views.import_list, name="import_list"),
    path("export/", views.import_list_export, name="import_list_export"),
    path("new/", views.new, name="import_new"),
    path("<str:token>/", views.current, name="import_batch"),
    path("<str:token>/sheet/", views.sheet, name="import_sheet"),
    path("<str:token>/columns/", views.columns, name="import_columns"),
    path("<str:token>/stages/", views.stages, name="import_stages"),
    path("<str:token>/questions/", views.questions, name="import_questions"),
    path("<str:token>/check/", views.check, name="import_check"),
    path("<str:token>/rows/export/", views.rows_export, name="import_rows_export"),
    path("<str:token>/rows/<int:number>/", views.anyway, name="import_anyway"),
    path("<str:token>/running/", views.running, name="import_running"),
    path("<str:token>/done/", views.result, name="import_done"),
    path("<str:token>/undo/", views.undo, name="import_undo"),
    path("<str:token>/discard/", views.discard, name="import_discard"),
]
