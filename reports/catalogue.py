"""Every report by the name of its page: the form that reads its address, and what a letter says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from leads.models import SavedView, User
from reports import digests
from reports.asking import ScopeForm
from reports.digests import Digest
from reports.forms.accuracy import AccuracyForm
from reports.forms.calibration import CalibrationForm
from reports.forms.coverage import CoverageForm
from reports.forms.distribution import DistributionForm
from reports.forms.effectiveness import EffectivenessForm
from reports.forms.forecast import ForecastForm
from reports.forms.funnel import FunnelForm
from reports.forms.home import HomeForm
from reports.forms.losses import LossesForm
from reports.forms.profile import ProfileForm
from reports.forms.sources import SourcesForm


@dataclass(frozen=True)
class Report:
    """A page that can be saved, filed and sent; `digest` counts what its valid form asks."""

    name: str
    form: type[ScopeForm]
    digest: Callable[[Any, User], Digest]


CATALOGUE: Mapping[str, Report] = {
    "reports:home": Report("Overview", HomeForm, digests.home_digest),
    "reports:forecast": Report("Forecast", ForecastForm, digests.forecast_digest),
    "reports:coverage": Report("Coverage", CoverageForm, digests.coverage_digest),
    "reports:accuracy": Report("Accuracy", AccuracyForm, digests.accuracy_digest),
    "reports:funnel": Report("Funnel", FunnelForm, digests.funnel_digest),
    "reports:calibration": Report("Calibration", CalibrationForm, digests.calibration_digest),
    "reports:effectiveness": Report("Does scoring work?", EffectivenessForm, digests.effectiveness_digest),
    "reports:distribution": Report("Distribution", DistributionForm, digests.distribution_digest),
    "reports:profile": Report("Ideal customer", ProfileForm, digests.profile_digest),
    "reports:losses": Report("Losses", LossesForm, digests.losses_digest),
    "reports:sources": Report("Sources", SourcesForm, digests.sources_digest),
}


def form_of(view: SavedView, user: User) -> ScopeForm:
    """What a view of a report asks, with the eyes of this user; without days it asks for the usual ones."""
    return CATALOGUE[view.page].form(QueryDict(view.query), user=user)


def faults_of(form: ScopeForm) -> str:
    """What is wrong with it, in one line; empty when nothing is."""
    return " ".join(str(message) for messages in form.errors.values() for message in messages)
