from jobcenter.portal.views.aufgaben import AufgabenView
from jobcenter.portal.views.auftraege import AuftragListeView, AuftragWiederholenView
from jobcenter.portal.views.barrieren import BarriereGemeldetView, BarriereMeldenView, BarrieremeldungDetailView, BarrieremeldungListeView
from jobcenter.portal.views.betrieb import LiveView, ReadyView
from jobcenter.portal.views.daten import DatenView, KatalogJsonldView, KatalogTtlView
from jobcenter.portal.views.galerie import GalerieView
from jobcenter.portal.views.recht import BarrierefreiheitView, DatenschutzView, GebaerdenspracheView, ImpressumView, LeichteSpracheView
from jobcenter.portal.views.start import BetriebeView, FarbschemaView, StartView
from jobcenter.portal.views.wegweiser import FaviconView, ManifestView, PasswortAendernView, RobotsTxtView, SecurityTxtView

__all__ = [
    "AufgabenView",
    "AuftragListeView",
    "AuftragWiederholenView",
    "BarriereGemeldetView",
    "BarriereMeldenView",
    "BarrierefreiheitView",
    "BarrieremeldungDetailView",
    "BarrieremeldungListeView",
    "BetriebeView",
    "DatenView",
    "DatenschutzView",
    "FarbschemaView",
    "FaviconView",
    "GalerieView",
    "GebaerdenspracheView",
    "ImpressumView",
    "KatalogJsonldView",
    "KatalogTtlView",
    "LeichteSpracheView",
    "LiveView",
    "ManifestView",
    "PasswortAendernView",
    "ReadyView",
    "RobotsTxtView",
    "SecurityTxtView",
    "StartView",
]
