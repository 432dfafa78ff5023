from datetime import time

from jobcenter.common.dienste import regeldienst
from jobcenter.konten.models import User
from jobcenter.portal.actions import delete_old_meldungen


@regeldienst("portal.alte_barrieremeldungen", um=time(3))
def delete_meldungen() -> None:
    """What the Datenschutzerklärung promises: answered reports of barriers go after their time."""
    delete_old_meldungen(by=User.objects.system())
