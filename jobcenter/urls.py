"""All addresses of the portal. Public ones are fixed, others link to them; signed-in ones lie below /intern/ and /konto/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("", include("jobcenter.portal.urls")),
    path("", include("kennzahlen.urls")),
    path("", include("massnahmen.urls")),
    path("", include("beirat.urls")),
    path("", include("jobcenter.presse.urls")),
    path("", include("jobcenter.berichte.urls")),
    path("", include("jobcenter.common.urls")),
    path("", include("jobcenter.post.urls")),
    path("", include("jobcenter.konten.urls")),
    path("api/schema/", login_not_required(SpectacularAPIView.as_view()), name="api-schema"),
]

handler400 = "jobcenter.common.fehler.bad_request"
handler403 = "jobcenter.common.fehler.permission_denied"
handler404 = "jobcenter.common.fehler.page_not_found"
handler429 = "jobcenter.common.fehler.too_many_requests"  # allauth's own: too many attempts
handler500 = "jobcenter.common.fehler.server_error"
