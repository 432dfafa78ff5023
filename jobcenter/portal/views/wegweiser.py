"""What programs ask of a website: where they may look, whom to tell of a hole, what it is called."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import RedirectView, View

TEXT = "text/plain; charset=utf-8"


@method_decorator(login_not_required, name="dispatch")
class RobotsTxtView(View):
    """Search engines are welcome to what is public, and to nothing of a Jobcenter that does not exist."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if settings.INSTANZ.jobcenter.fiktiv:
            lines = ["User-agent: *", "Disallow: /"]
        else:
            closed = ["/intern/", "/konto/", reverse("portal:barriere-melden")]
            sitemap = settings.BASE_URL + reverse("portal:sitemap")
            lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {sitemap}"]
        return HttpResponse("\n".join([*lines, ""]), content_type=TEXT)


@method_decorator(login_not_required, name="dispatch")
class SecurityTxtView(View):
    """RFC 9116. Runs out on a day that is a task of administration before it comes."""

    def get(self, request: HttpRequest) -> HttpResponse:
        sicherheit = settings.INSTANZ.sicherheit
        lines = [
            f"Contact: {sicherheit.kontakt}",
            f"Expires: {sicherheit.gueltig_bis:%Y-%m-%d}T00:00:00Z",
            "Preferred-Languages: de, en",
            f"Canonical: {settings.BASE_URL}{reverse('portal:security-txt')}",
            "",
        ]
        return HttpResponse("\n".join(lines), content_type=TEXT)


@method_decorator(login_not_required, name="dispatch")
class PasswortAendernView(View):
    """Where password managers lead people to (W3C, „A Well-Known URL for Changing Passwords“)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))


@method_decorator(login_not_required, name="dispatch")
class ManifestView(View):
    """The portal's name and picture on the home screen of a phone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        jobcenter = settings.INSTANZ.jobcenter
        manifest = {
            "name": jobcenter.name,
            "short_name": jobcenter.kurzname,
            "lang": "de",
            "start_url": reverse("portal:start"),
            "display": "browser",
            "theme_color": "#00404d",
            "background_color": "#ffffff",
            "icons": [
                {"src": static("img/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
                {"src": static("img/favicon-180.png"), "type": "image/png", "sizes": "180x180"},
            ],
        }
        return JsonResponse(manifest, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@method_decorator(login_not_required, name="dispatch")
class FaviconView(RedirectView):
    """For programs that ask for the old name."""

    def get_redirect_url(self, *args: object, **kwargs: object) -> str:
        return static("img/favicon-180.png")
