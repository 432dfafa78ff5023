"""Charts are drawn by a worker when figures have changed, and kept until then."""

from collections.abc import Iterable, Mapping

from jobcenter.common import clock, jobs
from jobcenter.common.actions import action, quiet_action, require
from jobcenter.common.enums import Auftragsstatus
from jobcenter.common.queue import enqueue
from jobcenter.konten.models import User
from kennzahlen.enums import Diagrammart
from kennzahlen.models import Diagramm, Kennzahl


@quiet_action
def order_diagramme(*, kennzahlen: Iterable[Kennzahl], by: User) -> int:
    """Have the charts of Kennzahlen drawn, and return how many. Those that show the same figures as before are not drawn again."""
    require(by, "kennzahlen.draw_diagramm")
    count = 0
    for kennzahl in kennzahlen:
        for art in Diagrammart.values:
            diagramm, created = Diagramm.objects.select_for_update().get_or_create(kennzahl=kennzahl, art=art)
            if diagramm.status == Auftragsstatus.WARTET and not created:
                continue  # it will show what is true when it is drawn
            if not created:  # a drawing that is under way shows what was
                diagramm.status, diagramm.naechster_versuch = Auftragsstatus.WARTET, clock.now()
                diagramm.fertig_am = diagramm.lease_bis = None
                diagramm.save()
            enqueue("kennzahlen.draw_diagramm", diagramm_id=diagramm.pk)
            count += 1
    return count


@quiet_action
def claim_diagramm(*, diagramm: Diagramm, by: User) -> int | None:
    """Take the drawing for a limited time; None when it is done or another worker has it."""
    require(by, "kennzahlen.draw_diagramm")
    return jobs.claim(diagramm)


@action
def finish_diagramm(
    *, diagramm: Diagramm, versuch: int, grundlage: str, svg: Mapping[str, str] | None, beschreibung: str, by: User
) -> Diagramm | None:
    """Keep the drawings; `svg` None when they would be the same. None, and nothing changed, when another attempt has taken over."""
    require(by, "kennzahlen.draw_diagramm")
    if (current := jobs.hold(diagramm, versuch)) is None:
        return None
    if svg is not None:
        current.svg, current.grundlage, current.beschreibung = dict(svg), grundlage, beschreibung
    jobs.finish(current)
    return current


@quiet_action
def fail_diagramm(*, diagramm: Diagramm, versuch: int, fehler: str, by: User) -> None:
    """Note why a drawing failed; it is due again after a growing pause."""
    require(by, "kennzahlen.draw_diagramm")
    if current := jobs.hold(diagramm, versuch):
        jobs.fail(current, fehler)
