"""Pools with their members and whose turn is next; who waits."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from leads.admin.inlines import LineInline, TickedAdmin
from leads.formats import count
from leads.models import Lead, User
from leads.organisation import organisation
from pipeline import tasks
from pipeline.actions import queue_unowned
from pipeline.admin.deals import ReadOnly
from pipeline.models import How, Part, PoolMember, RoutingPool, RoutingWait
from pipeline.upcoming import upcoming

RECEIVED = Count("assignments", filter=Q(assignments__how=How.TURN), distinct=True)
GETTING = Count("members", filter=Q(members__part=Part.OWNER, members__user__is_active=True), distinct=True)


class PoolMemberInline(LineInline):
    model = PoolMember
    extra = 0
    fields = ("user", "part", "share")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PoolMember]:
        return super().get_queryset(request).select_related("user")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Whoever is here may be chosen; the names are read once for all rows."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user" and field is not None:
            users = User.objects.filter(Q(is_active=True) | Q(pool_memberships__isnull=False)).distinct()
            field.choices = [("", "---------"), *((user.pk, str(user)) for user in users)]
        return field


@admin.register(RoutingPool)
class RoutingPoolAdmin(TickedAdmin):
    inlines = (PoolMemberInline,)
    fieldsets = (
        (None, {"fields": ("name", "order", "is_active")}),
        ("Takes leads with", {"fields": ("product_lines", "countries", "sources", "bands")}),
        ("Second person", {"fields": ("second_from", "second_value", "second_employees")}),
    )
    ticked = ("product_lines", "bands")
    filter_horizontal = ("sources",)
    list_display = ("name", "order", "is_active", "getting", "received")
    list_editable = ("order",)
    change_form_template = "admin/pipeline/routingpool/change_form.html"
    change_list_template = "admin/pipeline/routingpool/change_list.html"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Countries are chosen as sources are: from a list that can be searched."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "countries" and field:
            field.widget = FilteredSelectMultiple("countries", is_stacked=False, choices=field.choices)
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoutingPool]:
        numbers = {"getting_count": GETTING, "received_count": RECEIVED}
        pools: QuerySet[RoutingPool] = super().get_queryset(request).annotate(**numbers)
        return pools

    @admin.display(description="Get leads", ordering="getting_count")
    def getting(self, pool: RoutingPool) -> str:
        number = pool.getting_count  # type: ignore[attr-defined]
        return count(number) if number else "Nobody: its leads wait"

    @admin.display(description="Leads given in turn", ordering="received_count")
    def received(self, pool: RoutingPool) -> str:
        return count(pool.received_count)  # type: ignore[attr-defined]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Above the form: who gets the next lead, and why."""
        if pool := context.get("original"):
            context |= {"upcoming": upcoming(pool), "currency": organisation().currency}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        own = path("route/", self.admin_site.admin_view(self.route), name="pipeline_routingpool_route")
        return [own, *super().get_urls()]

    @method_decorator(require_POST)
    def route(self, request: HttpRequest) -> HttpResponse:
        """Have everything routed that is nobody's."""
        if request.user.has_perm("pipeline.change_routingpool"):
            queued = queue_unowned()
            tasks.route_pending.delay_on_commit()  # type: ignore[attr-defined]
            messages.info(request, f"{count(queued)} open leads without an owner are being routed.")
        return HttpResponseRedirect(reverse("admin:pipeline_routingpool_changelist"))


@admin.register(RoutingWait)
class RoutingWaitAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("lead", "why", "since")
    list_display_links = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[RoutingWait]:
        return super().get_queryset(request).prefetch_related(Prefetch("lead", Lead.objects.with_names()))
