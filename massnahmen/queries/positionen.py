"""What every year plans with every measure, as rows of a table."""

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from jobcenter.konten.models import UserLike
from massnahmen.models import Finanzierung, Programmposition


def list_positionen(user: UserLike) -> QuerySet[Programmposition]:
    """Positions that the person may see, with `summe_cent`, newest year first and then by title. One query."""
    money = Finanzierung.objects.filter(position=OuterRef("pk")).order_by().values("position").annotate(summe=Sum("betrag_cent"))
    return (
        Programmposition.objects.visible_to(user)
        .select_related("programm", "massnahme__instrument", "massnahme__traeger")
        .annotate(summe_cent=Coalesce(Subquery(money.values("summe")), 0))
        .order_by("-programm__jahr", "massnahme__titel", "pk")
    )
