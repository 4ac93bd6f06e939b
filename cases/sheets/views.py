"""The pages of a sheet import: each works when loaded afresh; the batch is in the address by its token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.import_models import ImportBatch, ImportStep
from cases.sheets import actions
from cases.sheets.batch import columns_of, counts_of, name_order_of, notices_of, rows_in_sight, words_of
from cases.sheets.columns import Meaning
from cases.sheets.exports import imports_as_export, rows_as_export
from cases.sheets.forms import ColumnsForm, QuestionsForm, SheetForm, UploadForm, WordsForm
from cases.sheets.pages import check_page, steps_of
from cases.sheets.reading import MAX_BYTES
from cases.sheets.stages import stage_choices
from cases.sheets.stays import stay_choices
from cases.sheets.undo import undo_batch, why_impossible
from contacts.requests import StaffRequest
from crm.access import require, require_somewhere
from crm.exports import exported
from crm.pages import done, fragment_or_page, typed
from crm.permissions import Permission
from crm.refusal import Refused
from crm.requests import number_in

LISTED = 50  # imports on the list: the latest
read_and_write = require_http_methods(["GET", "POST"])


def moved_on_elsewhere(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Where another tab has started the import meanwhile, say so and go on to where it is; 404 where it is deleted."""

    @wraps(view)
    def answer(request: StaffRequest, token: str, **more) -> HttpResponse:
        try:
            return view(request, token, **more)
        except Refused as refused:
            return done(request, reverse("import_batch", args=[token]), " ".join(refused.reasons))
        except ImportBatch.DoesNotExist as gone:
            raise Http404 from gone

    return answer


@require_GET
def import_list(request: StaffRequest) -> HttpResponse:
    """One's own imports, the latest first."""
    return render(request, "cases/import_list.html", {"batches": _listed(request)})


@read_and_write
def import_list_export(request: StaffRequest) -> HttpResponseBase:
    """The same imports as a file."""
    return exported(request, imports_as_export(_listed(request)))


def _listed(request: StaffRequest) -> list[ImportBatch]:
    require_somewhere(request.scope, Permission.IMPORT_CASES)
    batches = ImportBatch.objects.visible_to(request.scope).select_related("municipality")
    return list(batches.order_by("-pk")[:LISTED])


@read_and_write
def new(request: StaffRequest) -> HttpResponse:
    """Upload a sheet."""
    municipalities = require_somewhere(request.scope, Permission.IMPORT_CASES)
    form = UploadForm(typed(request), request.FILES or None, municipalities=municipalities)
    if request.method == "POST" and form.is_valid():
        municipality = form.cleaned_data["municipality"]
        require(request.scope, Permission.IMPORT_CASES, municipality.pk)
        file = form.cleaned_data["file"]
        content = file.read(MAX_BYTES + 1)  # one more tells that it is too large; the rest is not taken into memory
        try:
            batch = actions.start_batch(
                municipality=municipality,
                file_name=file.name,
                content=content,
                by=request.user,
                at=timezone.now(),
                form_key=form.cleaned_data["form_key"],
            )
            return redirect(_next(batch))
        except Refused as refused:
            form.add_error("file", refused.reasons)
    return render(request, "cases/import_new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def current(request: StaffRequest, token: str) -> HttpResponse:
    """On to the page where the import is."""
    return redirect(_next(_batch(request, token)))


@read_and_write
@moved_on_elsewhere
def sheet(request: StaffRequest, token: str) -> HttpResponse:
    """Which sheet of a workbook with several."""
    batch = _batch(request, token)
    if batch.step != ImportStep.SHEET:
        return redirect(_next(batch))
    form = SheetForm(typed(request), batch=batch)
    if form.is_valid():
        return redirect(_next(actions.choose_sheet(batch=batch, sheet=form.cleaned_data["sheet"])))
    return _answer(request, batch, ImportStep.SHEET, {"form": form})


@read_and_write
@moved_on_elsewhere
def columns(request: StaffRequest, token: str) -> HttpResponse:
    """What each column means."""
    batch = _changeable(request, token, ImportStep.COLUMNS)
    if batch is None:
        return redirect("import_batch", token)
    views = columns_of(batch)
    form = ColumnsForm(typed(request), columns=views, name_order=name_order_of(batch))
    if form.is_valid():
        try:
            order = form.cleaned_data["name_order"]
            return redirect(_next(actions.save_columns(batch=batch, columns=form.meanings(), name_order=order)))
        except Refused as refused:
            form.add_error(None, refused.reasons)
    rows = [(column, form[str(place)]) for place, column in enumerate(views)]
    return _answer(request, batch, ImportStep.COLUMNS, {"form": form, "rows": rows})


@read_and_write
@moved_on_elsewhere
def stages(request: StaffRequest, token: str) -> HttpResponse:
    """What each word about the stage and the stay means."""
    batch = _changeable(request, token, ImportStep.STAGES)
    if batch is None:
        return redirect("import_batch", token)
    data = typed(request)
    about_stages = WordsForm(data, words=words_of(batch, Meaning.STAGE), choices=stage_choices())
    about_stays = WordsForm(data, words=words_of(batch, Meaning.STAY), choices=stay_choices(), prefix="stay")
    wrong = [form for form in (about_stages, about_stays) if form.errors]
    if data is not None and not wrong:
        batch = actions.save_words(batch=batch, stages=about_stages.by_pattern(), stays=about_stays.by_pattern())
        return redirect(_next(batch))
    context = {
        "about_stages": about_stages,
        "about_stays": about_stays,
        "forms": wrong,
    }
    return _answer(request, batch, ImportStep.STAGES, context)


@read_and_write
@moved_on_elsewhere
def questions(request: StaffRequest, token: str) -> HttpResponse:
    """What is asked once for the whole sheet."""
    batch = _changeable(request, token, ImportStep.QUESTIONS)
    if batch is None:
        return redirect("import_batch", token)
    notices = notices_of(batch, request.today)
    answered = _answered(request, batch, notices[0].version if notices else "")
    form = QuestionsForm(typed(request), batch=batch, notices=notices, today=request.today, initial=answered)
    if form.is_valid():
        batch = actions.save_answers(batch=batch, scope=request.scope, at=timezone.now(), **form.answers())
        return redirect(_next(batch))
    return _answer(request, batch, ImportStep.QUESTIONS, {"form": form})


@read_and_write
@moved_on_elsewhere
def check(request: StaffRequest, token: str) -> HttpResponse:
    """The dry run: each row's fate and reason. POST checks the next rows after `seen`, or every row again."""
    batch = _changeable(request, token, ImportStep.CHECK)
    if batch is None:
        return redirect("import_batch", token)
    if request.method == "POST":
        seen = number_in(request.POST.get("seen", ""))
        if seen is None:
            batch = actions.check_rows(batch=batch, scope=request.scope, at=timezone.now())
        else:
            batch = actions.check_chunk(batch=batch, seen=seen, scope=request.scope, at=timezone.now())
        if batch.being_checked and request.htmx:
            return render(request, "cases/_import_checking.html", {"batch": batch})
        again = seen is None and not batch.being_checked
        return done(request, reverse("import_check", args=[token]), _("Every row was checked again.") if again else "")
    if batch.being_checked:
        return _answer(request, batch, ImportStep.CHECK, {}, "cases/import_checking.html")
    context = check_page(batch, request.scope, request.GET.get("fate", ""), request.GET.get("after"))
    return _answer(request, batch, ImportStep.CHECK, context)


@require_POST
@moved_on_elsewhere
def anyway(request: StaffRequest, token: str, number: int) -> HttpResponse:
    """Import a likely duplicate all the same, or leave a row out; back to the row on the same page."""
    batch = _changeable(request, token, ImportStep.CHECK)
    if batch is None:
        return redirect("import_batch", token)
    get_object_or_404(rows_in_sight(batch, request.scope), Q(repeats=True) | Q(shares=True), number=number)
    row = actions.set_anyway(batch=batch, number=number, anyway=request.POST.get("anyway") == "yes")
    message = _("Row %(number)s will be imported.") if row.anyway else _("Row %(number)s is left out.")
    place = {name: request.POST.get(name, "") for name in ("fate", "after")}
    url = f"{reverse('import_check', args=[token])}?{urlencode(place)}#row-{number}"
    return done(request, url, message % {"number": number})


@read_and_write
@moved_on_elsewhere
def running(request: StaffRequest, token: str) -> HttpResponse:
    """How far the import is; POST writes the next rows. A page that was reloaded goes on where it was."""
    batch = _batch(request, token)
    if batch.step not in (ImportStep.CHECK, ImportStep.RUNNING):
        return _moved_on(request, batch)
    if request.method == "GET":
        if batch.step == ImportStep.CHECK:
            return redirect(_next(batch))
        return _answer(request, batch, ImportStep.RUNNING, {"refused": []})
    seen = number_in(request.POST.get("seen", ""))
    if seen is None:
        return redirect(_next(batch))
    try:
        batch = actions.run_chunk(batch=batch, seen=seen, scope=request.scope, by=request.user, at=timezone.now())
    except Refused as refused:
        return _stopped(request, batch, refused)
    if batch.step != ImportStep.RUNNING or not request.htmx:
        return _moved_on(request, batch)
    return render(request, "cases/_import_progress.html", {"batch": batch, "refused": []})


@require_GET
def result(request: StaffRequest, token: str) -> HttpResponse:
    """What became of the rows."""
    batch = _batch(request, token)
    if batch.step != ImportStep.DONE:
        return redirect(_next(batch))
    if batch.rows_deleted_at:
        return _answer(request, batch, ImportStep.DONE, {})
    context = check_page(batch, request.scope, request.GET.get("fate", ""), request.GET.get("after"))
    return _answer(request, batch, ImportStep.DONE, context)


@read_and_write
def rows_export(request: StaffRequest, token: str) -> HttpResponseBase:
    """The rows as they stand in the sheet, with what becomes of each and why, as a file: to mend there what stops."""
    batch = _batch(request, token)
    if batch.rows_deleted_at or batch.being_checked or not _reached(batch, ImportStep.CHECK):
        return redirect("import_batch", token)
    return exported(request, rows_as_export(batch, request.scope, request.GET.get("fate", "")))


@read_and_write
@moved_on_elsewhere
def undo(request: StaffRequest, token: str) -> HttpResponse:
    """Take an import back, after asking."""
    batch = _batch(request, token)
    counts = counts_of(rows_in_sight(batch, request.scope))
    context = {"batch": batch, "counts": counts, "back": reverse("import_batch", args=[token])}
    impossible = why_impossible(batch)
    context |= {"heading": _("Undo the import?"), "refused": [impossible] if impossible else []}
    if request.method == "POST" and not impossible:
        try:
            undo_batch(batch=batch, scope=request.scope, by=request.user, at=timezone.now())
            return done(request, reverse("import_check", args=[token]), _("The import was undone."))
        except Refused as refused:
            context["refused"] = refused.reasons
    status = 422 if request.method == "POST" else 200
    return fragment_or_page(request, "cases/_import_undo.html", "dialog_page.html", context, status)


@read_and_write
@moved_on_elsewhere
def discard(request: StaffRequest, token: str) -> HttpResponse:
    """Forget an upload, after asking."""
    batch = _batch(request, token)
    if request.method == "POST":
        actions.discard_batch(batch=batch)
        return done(request, reverse("import_list"), _("The upload was deleted."))
    context = {"batch": batch, "back": reverse("import_batch", args=[token]), "heading": _("Delete the upload?")}
    return fragment_or_page(request, "cases/_import_discard.html", "dialog_page.html", context)


def _batch(request: StaffRequest, token: str) -> ImportBatch:
    """One's own import by its token; 404 where it is somebody else's or the right to import is gone."""
    batches = ImportBatch.objects.visible_to(request.scope).select_related("municipality", "by", "coordinator")
    return get_object_or_404(batches, token=token)


def _changeable(request: StaffRequest, token: str, step: ImportStep) -> ImportBatch | None:
    """The import where `step` has been reached and nothing is written yet; None sends on to where it is."""
    batch = _batch(request, token)
    return batch if batch.may_change and _reached(batch, step) and batch.step != ImportStep.SHEET else None


def _reached(batch: ImportBatch, step: ImportStep) -> bool:
    return list(ImportStep).index(step) <= list(ImportStep).index(ImportStep(batch.step))


def _next(batch: ImportBatch) -> str:
    return reverse(f"import_{batch.step}", args=[batch.token])


def _moved_on(request: StaffRequest, batch: ImportBatch) -> HttpResponse:
    message = _("The sheet was imported.") if batch.step == ImportStep.DONE else ""
    return done(request, _next(batch), message)


def _stopped(request: StaffRequest, batch: ImportBatch, refused: Refused) -> HttpResponse:
    """The next rows were refused together, and nothing of them is written; what was imported before stays."""
    context = {"batch": batch, "step": ImportStep.RUNNING, "steps": steps_of(batch, ImportStep.RUNNING)}
    context["refused"] = refused.reasons
    fragment, page = "cases/_import_progress.html", "cases/import_running.html"
    return fragment_or_page(request, fragment, page, context, 422)


def _answer(
    request: StaffRequest, batch: ImportBatch, step: ImportStep, context: dict, template: str = ""
) -> HttpResponse:
    forms = context.get("forms") or [context[name] for name in ("form",) if name in context]
    context = {"batch": batch, "step": step, "steps": steps_of(batch, step), **context}
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, template or f"cases/import_{step}.html", context, status=status)


def _answered(request: StaffRequest, batch: ImportBatch, version: str) -> dict:
    """What was answered before, when one comes back to the questions; else the one who imports coordinates."""
    if batch.coordinator_id is None:
        return {"coordinator": request.user.pk, "notice_language": "fi", "notice_version": version}
    names = ("coordinator", "notice_version", "notice_language", "notice_on", "stay", "criteria_reason", "goal")
    given = {"notice_given": "yes" if batch.notice_version else "no"}
    return {name: getattr(batch, name) for name in names} | given
