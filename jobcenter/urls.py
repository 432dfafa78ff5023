"""All addresses of the portal. Public ones are fixed, others link to them; signed-in ones lie below /intern/ and /konto/."""

from django.urls import include, path

urlpatterns = [
    path("", include("jobcenter.portal.urls")),
    path("", include("kennzahlen.urls")),
    path("", include("massnahmen.urls")),
    path("", include("beirat.urls")),
    path("", include("jobcenter.presse.urls")),
    path("", include("jobcenter.berichte.urls")),
    path("konto/", include("jobcenter.konten.urls")),
]
