"""What the law wants a portal to say about itself, and the two ways in that it wants beside plain German."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from jobcenter.common import farbschema
from jobcenter.portal.queries import group_maengel, read_land
from jobcenter.post.actions import CONFIDENTIAL


class RechtsseiteMixin(TemplateView):
    """Legal pages name the authorities of the Land."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"land": read_land()}


@method_decorator(login_not_required, name="dispatch")
class ImpressumView(RechtsseiteMixin):
    template_name = "portal/impressum.html"


@method_decorator(login_not_required, name="dispatch")
class DatenschutzView(RechtsseiteMixin):
    template_name = "portal/datenschutz.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Cookies by the names that they have, periods as the portal keeps them."""
        return super().get_context_data(**kwargs) | {
            "frist_text": CONFIDENTIAL.days,
            "farbcookie": farbschema.COOKIE,
            "sitzungscookie": settings.SESSION_COOKIE_NAME,
            "formularcookie": settings.CSRF_COOKIE_NAME,
        }


@method_decorator(login_not_required, name="dispatch")
class BarrierefreiheitView(RechtsseiteMixin):
    template_name = "portal/barrierefreiheit.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"gruppen": group_maengel()}


@method_decorator(login_not_required, name="dispatch")
class LeichteSpracheView(TemplateView):
    template_name = "portal/leichte_sprache.html"


@method_decorator(login_not_required, name="dispatch")
class GebaerdenspracheView(TemplateView):
    template_name = "portal/gebaerdensprache.html"
