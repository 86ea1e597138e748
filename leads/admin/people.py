"""Users with their roles, and teams with their managers."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from leads.admin.counts import with_leads
from leads.formats import count
from leads.forms import working_days_field
from leads.models import Absence, Lead, Team, User
from leads.roles import ROLES, give_role, role_of

admin.site.unregister(Group)  # the roles are chosen on the user


def role_field() -> forms.ChoiceField:
    """What a user may do: one of the three roles."""
    return forms.ChoiceField(
        choices=[(role, role) for role in ROLES],
        help_text="Reps see their own leads, managers their teams', administrators all and these settings.",
    )


class UserAddForm(AdminUserCreationForm):  # type: ignore[type-arg]
    role = role_field()

    class Meta:
        model = User
        fields = ("username", "email")


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    role = role_field()
    working_days = working_days_field()

    class Meta:
        model = User
        fields = (
            "username", "first_name", "last_name", "email", "is_active",
            "team", "capacity", "working_days", "time_zone", "language",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = role_of(self.instance)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = UserAddForm
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Access", {"fields": ("role", "is_active", "last_login")}),
        ("Work", {"fields": ("team", "capacity", "working_days", "time_zone", "language")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "role", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login",)
    list_display = ("username", "full_name", "email", "role", "team", "open_leads", "is_active")
    list_filter = ("is_active", "groups", "team")
    list_select_related = ("team",)
    filter_horizontal = ()
    search_fields = ("username", "first_name", "last_name", "email")

    class AbsenceInline(admin.TabularInline):  # type: ignore[type-arg]
        model = Absence
        extra = 0

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[type[Any]]:
        return [self.AbsenceInline] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = super().get_queryset(request).prefetch_related("groups")
        return with_leads(users, Lead.objects.open(), "owner")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form: type[Any] = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (OwnAccessKept, form), {}) if obj == request.user else form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.warn_of_held_leads(request, form.instance)
        give_role(form.instance, form.cleaned_data["role"])

    def warn_of_held_leads(self, request: HttpRequest, user: User) -> None:
        """Whoever is deactivated keeps their leads until somebody takes them over; say so."""
        held = 0 if user.is_active else Lead.objects.open().filter(owner=user).count()
        if held:
            text = f"{user} still owns {count(held)} open leads. Have them taken over on the team page."
            messages.warning(request, text)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody is deleted: history names them. Who leaves is made inactive."""
        return False

    @admin.display(description="Name", ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="Role")
    def role(self, user: User) -> str:
        return role_of(user)

    @admin.display(description="Open leads", ordering="lead_count")
    def open_leads(self, user: User) -> str:
        return count(user.lead_count)  # type: ignore[attr-defined]


class OwnAccessKept(forms.Form):
    """Nobody locks themselves out."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("is_active") or cleaned.get("role") != role_of(self.instance):  # type: ignore[attr-defined]
            raise ValidationError("You cannot take away your own access. Ask another administrator.")
        return cleaned


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "led_by", "members")
    search_fields = ("name",)
    filter_horizontal = ("managers",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).prefetch_related("managers", "members")

    @admin.display(description="Managers")
    def led_by(self, team: Team) -> str:
        return ", ".join(map(str, team.managers.all())) or "–"

    @admin.display(description="Members")
    def members(self, team: Team) -> str:
        return count(len(team.members.all()))
