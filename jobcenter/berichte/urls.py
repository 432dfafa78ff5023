from django.urls import path

from jobcenter.berichte import views

app_name = "berichte"
urlpatterns = [
    path("berichte/", views.ArchivView.as_view(), name="archiv"),
    path("arbeitsmarktprogramm/<int:jahr>/programm.pdf", views.ProgrammPdfView.as_view(), name="programm-pdf"),
    path("intern/berichte/", views.BerichtListeView.as_view(), name="bericht-liste"),
    path("intern/berichte/<int:pk>/", views.BerichtDetailView.as_view(), name="bericht-detail"),
    path("intern/berichte/<int:pk>/wiederholen/", views.BerichtWiederholenView.as_view(), name="bericht-wiederholen"),
    path("intern/berichte/<int:pk>/neu/", views.BerichtNeuView.as_view(), name="bericht-neu"),
    path("intern/berichte/<int:pk>/datei.pdf", views.BerichtDateiView.as_view(), name="bericht-datei"),
    path("intern/programm/<int:jahr>/vorschau/pdf/", views.EntwurfDruckenView.as_view(), name="entwurf-drucken"),
    path("intern/berichte/entwuerfe/<int:pk>/", views.EntwurfDetailView.as_view(), name="entwurf-detail"),
    path("intern/berichte/entwuerfe/<int:pk>/datei.pdf", views.EntwurfDateiView.as_view(), name="entwurf-datei"),
]
