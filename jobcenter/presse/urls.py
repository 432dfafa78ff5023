from django.contrib.auth.decorators import login_not_required
from django.urls import path

from jobcenter.presse import views
from jobcenter.presse.feeds import PresseFeed

app_name = "presse"
urlpatterns = [
    path("presse/", views.PressemitteilungListeView.as_view(), name="pressemitteilung-liste"),
    path("presse/feed/atom/", login_not_required(PresseFeed()), name="feed-atom"),
    path("presse/<int:jahr>/<int:nummer>-<slug:slug>/", views.PressemitteilungDetailView.as_view(), name="pressemitteilung-detail"),
    path("intern/presse/", views.PressemitteilungInternListeView.as_view(), name="pressemitteilung-intern-liste"),
    path("intern/presse/neu/", views.PressemitteilungAnlegenView.as_view(), name="pressemitteilung-anlegen"),
    path("intern/presse/<int:pk>/", views.PressemitteilungBearbeitenView.as_view(), name="pressemitteilung-bearbeiten"),
    path("intern/presse/<int:pk>/vorschau/", views.PressemitteilungVorschauView.as_view(), name="pressemitteilung-vorschau"),
    path("intern/presse/<int:pk>/freigabe/", views.PressemitteilungFreigebenView.as_view(), name="pressemitteilung-freigeben"),
]
