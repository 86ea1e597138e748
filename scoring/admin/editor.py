"""The editor of a draft: one form that the server draws anew with every button, and that one verb saves."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from config.faults import Fault
from config.http import redirect_browser, render_page, wants_fragment
from config.refusals import Refusal
from leads.models import ProductLine
from leads.requests import signed_in, whole_number
from scoring.actions import ChangedMeanwhile, change_draft
from scoring.catalogue import read_catalogue
from scoring.comments import comments_on
from scoring.definition import FaultyDefinition, read_definition, write_definition
from scoring.fields import Catalogue
from scoring.models import Band, ScoringModel
from scoring.rows import load_definition
from scoring.workshop.changes import CHANGES
from scoring.workshop.comparing import Section, changed_lines, compare
from scoring.workshop.controls import Faults, Options
from scoring.workshop.entries import enter_all
from scoring.workshop.places import Json, NoSuchPlace, element_id, is_within, place_of
from scoring.workshop.sheet import Sheet
from scoring.workshop.skeletons import read_skeleton

TEMPLATE = "admin/scoring/scoringmodel/editor.html"
THEN = {"save": "change", "try": "try", "publish": "publish"}  # the page that follows each way to save


@dataclass(slots=True)
class Draft:
    """What the form carries from one request to the next: nothing is stored until it is saved."""

    document: Json
    revision: int
    open_at: str = ""
    fresh: str = ""
    focus: str = ""
    refusal: str = ""
    theirs: list[Section] = field(default_factory=list)


def edit(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Show a draft, change the form by a button, or save it."""
    editor = Editor(request, model, context, read_catalogue())
    if request.method != "POST":
        return editor.show(Draft(document_of(model), model.revision))
    try:
        draft = _posted(request.POST, editor.catalogue)
        verb, _, path = request.POST.get("do", "look").partition("|")
        if verb in THEN:
            return editor.save(draft, then=THEN[verb])
        _press(draft, verb, path)
    except NoSuchPlace as error:
        raise SuspiciousOperation(f"No place in the form: {error}") from error
    return editor.show(draft, part="totals" if verb == "look" else "workshop")


def document_of(model: ScoringModel) -> Json:
    """The stored definition in its JSON form."""
    return write_definition(load_definition(model))


def faults_of(document: Json, catalogue: Catalogue) -> tuple[Fault, ...]:
    """All that is wrong with a document."""
    try:
        read_definition(document, catalogue)
    except FaultyDefinition as faulty:
        return faulty.faults
    return ()


def live_beside(model: ScoringModel) -> ScoringModel | None:
    """What is live where the draft would go live: its product line's version, else the default."""
    active = ScoringModel.objects.active().select_related("product_line", "published_by")
    return active.filter(product_line=model.product_line).first() or active.filter(product_line=None).first()


def _posted(post: QueryDict, catalogue: Catalogue) -> Draft:
    document = read_skeleton(post.get("document", ""))
    entries = [(name, post.get(name, "")) for name in post if name.startswith(("at:", "add:"))]
    enter_all(document, entries, catalogue)
    return Draft(
        document,
        whole_number(post.get("revision", "")) or 0,
        post.get("open_at", ""),
        post.get("fresh", ""),
    )


def _press(draft: Draft, verb: str, path: str) -> None:
    """Do what a button says; the place that it answers is looked at next."""
    if verb in ("look", "show"):
        return
    if verb in ("open", "close"):
        draft.open_at, draft.fresh = (path if verb == "open" else ""), ""
        draft.focus = f"{element_id(path)}-name" if verb == "open" else f"{element_id(path)}-open"
        return
    if verb not in CHANGES:
        raise NoSuchPlace(verb)
    place = CHANGES[verb](draft.document, path)
    if verb in ("add_group", "add_rule", "add_exclusion", "add_qualification"):
        draft.open_at = draft.fresh = place
        draft.focus = f"{element_id(place)}-name"
    elif verb in ("up", "down", "duplicate"):
        draft.open_at = place if draft.open_at == path or verb == "duplicate" else ""
        draft.fresh, draft.focus = "", f"{element_id(place)}-open"
    elif not (draft.open_at and is_within(place, draft.open_at)):
        draft.open_at = draft.fresh = ""
    else:
        draft.focus = f"{element_id(place)}-field"


@dataclass(frozen=True, slots=True)
class Editor:
    """One request for the form of one draft."""

    request: HttpRequest
    model: ScoringModel
    context: dict[str, Any]
    catalogue: Catalogue

    def save(self, draft: Draft, *, then: str) -> HttpResponse:
        """Store the form's document; what is refused stays in the form."""
        draft.fresh = ""
        by = signed_in(self.request)
        try:
            stored = change_draft(self.model, draft.document, by=by, revision=draft.revision)
        except FaultyDefinition as faulty:
            count = len(faulty.faults)
            things = f"{count} thing{'' if count == 1 else 's'}"
            draft.refusal = f"Nothing was stored yet: {things} to put right."
            places = [place_of(fault.path) for fault in faulty.faults]
            draft.open_at = draft.open_at if draft.open_at in places else places[0]
            return self.show(draft, status=422)
        except ChangedMeanwhile as changed:
            draft.theirs = compare(document_of(changed.model), draft.document, self.catalogue)
            draft.refusal, draft.revision = changed.sentence, changed.model.revision
            return self.show(draft, status=409)
        except Refusal as refusal:
            draft.refusal = refusal.sentence
            return self.show(draft, status=409)
        if then == "change":
            messages.success(self.request, "The draft is saved. Nothing that is live has changed.")
        return redirect_browser(self.request, reverse(f"admin:scoring_scoringmodel_{then}", args=[stored.pk]))

    def show(self, draft: Draft, *, part: str = "workshop", status: int = 200) -> HttpResponse:
        """The form, or of it only the totals."""
        live = live_beside(self.model)
        sheet = self._sheet(draft, live)
        shown = {
            "model": self.model,
            "step": "edit",
            "title": self.model.name,
            "draft": draft,
            "document_text": json.dumps(draft.document, ensure_ascii=False),
            "sheet": sheet,
            "band_rows": _band_rows(sheet),
            "live": live,
            "theirs": changed_lines(draft.theirs),
            "is_unsaved": draft.document != document_of(self.model),
            "address": self.request.path,
            "focus": draft.focus,
            "is_part": part == "totals" and wants_fragment(self.request),
        }
        return render_page(self.request, TEMPLATE, self.context | shown, fragment=part, status=status)

    def _sheet(self, draft: Draft, live: ScoringModel | None) -> Sheet:
        lines = tuple(ProductLine.objects.order_by("name").values_list("name", flat=True))
        return Sheet(
            draft.document,
            Options(self.catalogue, lines),
            Faults(faults_of(draft.document, self.catalogue), draft.fresh),
            draft.open_at,
            compare(document_of(live), draft.document, self.catalogue) if live else [],
            comments_on(self.model),
        )


def _band_rows(sheet: Sheet) -> list[dict[str, Any]]:
    known = {band.key: band for band in Band.objects.all()}
    return [
        {"path": path, "name": name, "controls": controls, "band": known.get(key)}
        for path, key, name, controls in sheet.bands
    ]
