"""The page on which somebody outside wants no more mail; it needs no account, its address is signed."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.http import render_page
from leads.actions import unsubscribe_contact
from leads.models import Contact
from leads.organisation import organisation
from leads.unsubscribing import contact_of, masked


@login_not_required
@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signature is the permission
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Asking changes nothing, for mail scanners follow every link; posting does."""
    contact_id = contact_of(token)
    if contact_id is None:
        raise Http404
    contact = get_object_or_404(Contact, pk=contact_id)
    if request.method == "POST":
        unsubscribe_contact(contact, by=None)
    context = {
        "is_done": request.method == "POST" or contact.unsubscribed_at is not None,
        "address": masked(contact.email),
        "organisation": organisation(),
    }
    return render_page(request, "leads/unsubscribe.html", context)
