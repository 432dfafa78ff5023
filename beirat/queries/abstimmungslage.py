"""One ballot as one person sees it now. Votes of others are read only when it is closed."""

from dataclasses import dataclass
from datetime import datetime

from beirat.enums import Abstimmungsstatus, Wahl
from beirat.models import Abstimmung, Beschluss, Stimme, Vorlage
from beirat.queries.beschluesse import Auszaehlung, count_of
from beirat.queries.sitzungslage import Teilnahme, read_teilnahme
from jobcenter.konten.models import User
from massnahmen.models import Fassung


@dataclass(frozen=True)
class Beleg:
    """A member's own vote: proof that it counts."""

    name: str
    wahl: Wahl
    am: datetime


@dataclass(frozen=True)
class Stimmenblock:
    """Who voted alike; exists only after the ballot closed."""

    wahl: Wahl
    namen: tuple[str, ...]


@dataclass(frozen=True)
class Abstimmungslage:
    """A ballot as one person sees it now."""

    pk: int
    frage: str
    status: Abstimmungsstatus
    sitzung: int
    top: int
    titel: str
    eroeffnet_am: datetime
    geschlossen_am: datetime | None
    vorlage: Vorlage | None
    fassung: Fassung | None
    teilnahme: Teilnahme
    beleg: Beleg | None
    abgegeben: int  # how many have voted, for the chair; never what
    anwesende: int
    auszaehlung: Auszaehlung | None
    beschluss: str | None
    beschlusstext: str
    stimmen: tuple[Stimmenblock, ...]

    @property
    def ist_offen(self) -> bool:
        return self.status == Abstimmungsstatus.OFFEN

    @property
    def ansage(self) -> str:
        """The one sentence worth announcing when it changes."""
        if self.auszaehlung:
            return f"Die Abstimmung ist geschlossen: {self.auszaehlung.ergebnis.label}."
        return "" if self.ist_offen else "Die Abstimmung ist abgebrochen."


def read_abstimmung(abstimmung: Abstimmung, user: User) -> Abstimmungslage:
    """The ballot for a person who is inside. Votes of others are read only when it is closed."""
    top = abstimmung.top
    vorlage = top.vorlage
    closed = abstimmung.status == Abstimmungsstatus.GESCHLOSSEN
    present = set(top.sitzung.anwesenheiten.filter(mitglied__stimmberechtigt=True).values_list("mitglied", flat=True))
    own = Stimme.objects.filter(abstimmung=abstimmung, mitglied__konto=user).select_related("mitglied").first()
    beschluss = Beschluss.objects.filter(abstimmung=abstimmung).first() if closed else None
    return Abstimmungslage(
        pk=abstimmung.pk,
        frage=abstimmung.frage,
        status=Abstimmungsstatus(abstimmung.status),
        sitzung=top.sitzung.nummer,
        top=top.nummer,
        titel=top.titel,
        eroeffnet_am=abstimmung.eroeffnet_am,
        geschlossen_am=abstimmung.geschlossen_am,
        vorlage=vorlage,
        fassung=vorlage.fassung if vorlage else None,
        teilnahme=read_teilnahme(abstimmung.pk, present, user) if abstimmung.status == Abstimmungsstatus.OFFEN else Teilnahme.GESCHLOSSEN,
        beleg=Beleg(own.mitglied.name, Wahl(own.wahl), own.am) if own else None,
        abgegeben=abstimmung.stimmen.count(),
        anwesende=len(present),
        auszaehlung=count_of(abstimmung) if closed else None,
        beschluss=str(beschluss) if beschluss else None,
        beschlusstext=beschluss.text if beschluss else "",
        stimmen=_votes_by_choice(abstimmung) if closed else (),
    )


def _votes_by_choice(abstimmung: Abstimmung) -> tuple[Stimmenblock, ...]:
    names: dict[str, list[str]] = {}
    for wahl, name in abstimmung.stimmen.order_by("mitglied__name").values_list("wahl", "mitglied__name"):
        names.setdefault(wahl, []).append(name)
    return tuple(Stimmenblock(wahl, tuple(names[wahl])) for wahl in Wahl if wahl in names)
