from django.contrib.auth.decorators import login_not_required
from django.urls import path

from jobcenter.presse.feeds import PresseFeed
from jobcenter.presse.views import bearbeiten, oeffentlich, verlauf

app_name = "presse"
urlpatterns = [
    path("presse/", oeffentlich.PressemitteilungListeView.as_view(), name="pressemitteilung-liste"),
    path("presse/feed/atom/", login_not_required(PresseFeed()), name="feed-atom"),
    path("presse/<int:jahr>/<int:nummer>-<slug:slug>/", oeffentlich.PressemitteilungDetailView.as_view(), name="pressemitteilung-detail"),
    path("intern/presse/", bearbeiten.PressemitteilungInternListeView.as_view(), name="pressemitteilung-intern-liste"),
    path("intern/presse/neu/", bearbeiten.PressemitteilungAnlegenView.as_view(), name="pressemitteilung-anlegen"),
    path("intern/presse/<int:pk>/", bearbeiten.PressemitteilungBearbeitenView.as_view(), name="pressemitteilung-bearbeiten"),
    path("intern/presse/<int:pk>/vorschau/", bearbeiten.PressemitteilungVorschauView.as_view(), name="pressemitteilung-vorschau"),
    path("intern/presse/<int:pk>/freigabe/", bearbeiten.PressemitteilungFreigebenView.as_view(), name="pressemitteilung-freigeben"),
    path("intern/presse/<int:pk>/verlauf/", verlauf.PressemitteilungVerlaufView.as_view(), name="pressemitteilung-verlauf"),
]
