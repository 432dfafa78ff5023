"""People who sign in, and the named system accounts in whose name background jobs act."""

from typing import Any, Self

import pghistory
import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from jobcenter.common import clock
from jobcenter.common.models import Versioniert
from jobcenter.konten.enums import Kontostand, Posttakt, Rolle


class UserQuerySet(models.QuerySet["User"]):
    def people(self) -> Self:
        """Without the accounts of background services."""
        return self.exclude(rollen__contains=[Rolle.SYSTEM])

    def visible_to(self, user: Any) -> Self:
        """Accounts as a list are for those who keep them; everybody else sees their own page only."""
        return self.people() if user.has_perm("konten.administer_konten") else self.none()

    def open(self) -> Self:
        """Who may sign in today: neither closed nor past the last day."""
        return self.filter(Q(gueltig_bis=None) | Q(gueltig_bis__gte=clock.today()), is_active=True)

    def in_stand(self, stand: Kontostand) -> Self:
        closed, ended, invited = Q(is_active=False), Q(gueltig_bis__lt=clock.today()), Q(eingeladen_am__isnull=False)
        match stand:
            case Kontostand.GESCHLOSSEN:
                return self.filter(closed)
            case Kontostand.BEENDET:
                return self.filter(~closed, ended)
            case Kontostand.EINGELADEN:
                return self.filter(~closed, invited).exclude(ended)
        return self.filter(~closed, ~invited).exclude(ended)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a class made at run time
    def create_user(self, email: str, password: str | None = None, *, name: str, rollen: list[Rolle] | None = None) -> "User":
        """Without a password the account can only be entered through an invitation or a password-reset mail."""
        user = self.model(email=email.strip().lower(), name=name, rollen=rollen or [])
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def system(self) -> "User":
        """The account in whose name the worker acts. Nobody can sign in with it."""
        user, _ = self.get_or_create(
            email="hintergrunddienst@localhost", defaults={"name": "Hintergrunddienst", "rollen": [Rolle.SYSTEM], "password": "!"}
        )
        return user


@pghistory.track(exclude=["password", "last_login"])
class User(Versioniert, AbstractBaseUser):
    """An account. There is no superuser: every right is a named rule, asked through `has_perm`."""

    email = models.EmailField("E-Mail-Adresse", unique=True)
    name = models.CharField("Name", max_length=120)
    rollen = ArrayField(models.CharField(max_length=20, choices=Rolle.choices), verbose_name="Rollen", default=list, blank=True)
    is_active = models.BooleanField("aktiv", default=True)
    gueltig_bis = models.DateField("gültig bis", null=True, blank=True)  # the last day on which one may sign in
    post_takt = models.CharField("Benachrichtigungen", max_length=10, choices=Posttakt.choices, default=Posttakt.SOFORT)
    angelegt_am = models.DateTimeField("angelegt am", default=clock.now, editable=False)
    eingeladen_am = models.DateTimeField("eingeladen am", null=True, blank=True)  # until a password is chosen; names the valid link

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_klein"),
            models.CheckConstraint(condition=Q(rollen__contained_by=Rolle.values), name="user_rollen_bekannt"),
            models.CheckConstraint(condition=Q(post_takt__in=Posttakt.values), name="user_post_takt_bekannt"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ist_offen(self) -> bool:
        """Whether the account is neither closed nor past its last day. What was done with it stays."""
        return self.is_active and (self.gueltig_bis is None or clock.today() <= self.gueltig_bis)

    @property
    def darf_herein(self) -> bool:
        """Whether a person may sign in with it and stay: services may not, whatever other role they hold."""
        return self.ist_offen and Rolle.SYSTEM not in self.rollen

    @property
    def stand(self) -> Kontostand:
        if not self.is_active:
            return Kontostand.GESCHLOSSEN
        if not self.ist_offen:
            return Kontostand.BEENDET
        return Kontostand.OFFEN if self.eingeladen_am is None else Kontostand.EINGELADEN

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Ask the rule of that name; an unknown name is no, and so is a closed or ended account."""
        return self.ist_offen and rules.has_perm(perm, self, obj)

    def has_rolle(self, *rollen: Rolle) -> bool:
        return self.ist_offen and not set(rollen).isdisjoint(self.rollen)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


UserLike = User | Any  # AnonymousUser has no roles and no terms, but may be asked
