"""The people of the demo. They are invented, and all of them open their account with the same password."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from jobcenter.konten.enums import Rolle
from jobcenter.konten.models import User

PASSWORT = "Musterburg-Demo-1"
DOMAIN = "musterburg.example"


@dataclass(frozen=True)
class Demokonto:
    bezeichnung: str
    name: str
    kennung: str  # left of the @
    rolle: Rolle | None = None

    @property
    def email(self) -> str:
        return f"{self.kennung}@{DOMAIN}"


PERSONAL = (
    Demokonto("Maßnahmenplanung", "Petra Winkler", "planung", Rolle.PLANUNG),
    Demokonto("Controlling", "Carsten Thiel", "controlling", Rolle.CONTROLLING),
    Demokonto("Leitung", "Dr. Hanna Reuter", "leitung", Rolle.LEITUNG),
    Demokonto("Geschäftsstelle des Beirats", "Gregor Steinbach", "geschaeftsstelle", Rolle.GESCHAEFTSSTELLE),
    Demokonto("Pressestelle", "Mira Lang", "presse", Rolle.PRESSE),
    Demokonto("Pressestelle, zweite Person", "Paul Eggers", "presse2", Rolle.PRESSE),
    Demokonto("Chancengleichheit", "Sabine Okafor", "bca", Rolle.BCA),
    Demokonto("Administration", "Anton Weber", "administration", Rolle.ADMINISTRATION),
)
# These seats are named in the table of accounts; the other members sign in as mitglied3@… and so on.
BEIRAT = (
    Demokonto("Beirat: Vorsitz", "Luise Brandt", "vorsitz"),
    Demokonto("Beirat: Mitglied", "Ines Lorenz", "mitglied1"),
    Demokonto("Beirat: Mitglied", "Beate Krüger", "mitglied2"),
)
TABELLE = PERSONAL + BEIRAT


class Personen:
    """Opens the accounts and finds them again by what stands left of the @."""

    def __init__(self) -> None:
        self._password = make_password(PASSWORT)  # once: hashing is slow on purpose
        self._by_kennung = {konto.kennung: self._open(konto) for konto in TABELLE}
        self._seats: dict[str, User] = {}  # by the member's name

    def __getitem__(self, kennung: str) -> User:
        return self._by_kennung[kennung]

    def open_seat(self, name: str, *, until: date | None = None) -> User:
        """The account of a member of the Beirat, by name; of a former one with the last day on which it can be used."""
        for konto in BEIRAT:
            if konto.name == name:
                return self[konto.kennung]
        if name not in self._seats:
            kind = "ehemalig" if until else "mitglied"
            number = 1 + sum(user.email.startswith(kind) for user in self._by_kennung.values())
            kennung = f"{kind}{number}"
            self._seats[name] = self._by_kennung[kennung] = self._open(Demokonto("Beirat: Mitglied", name, kennung), until)
        return self._seats[name]

    def _open(self, konto: Demokonto, until: date | None = None) -> User:
        user = User.objects.create_user(konto.email, name=konto.name, rollen=[konto.rolle] if konto.rolle else [])
        user.password, user.gueltig_bis = self._password, until
        user.save(update_fields=["password", "gueltig_bis"])
        return user


def table_of_accounts() -> str:
    """Who can sign in, one line each; empty where the database holds no demo."""
    there = set(User.objects.filter(email__in=[konto.email for konto in TABELLE]).values_list("email", flat=True))
    rows = [("Rolle", "Name", "E-Mail", "Passwort")]
    rows += [(konto.bezeichnung, konto.name, konto.email, PASSWORT) for konto in TABELLE if konto.email in there]
    if len(rows) == 1:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
