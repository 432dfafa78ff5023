from django.db.models import TextChoices


class Pressestatus(TextChoices):
    ENTWURF = "entwurf", "Entwurf"
    ZUR_FREIGABE = "zur_freigabe", "zur Freigabe"
    FREIGEGEBEN = "freigegeben", "freigegeben"


PRESSE_TRANSITIONS = {
    Pressestatus.ENTWURF: frozenset({Pressestatus.ZUR_FREIGABE}),
    # every change after the request is a new draft, which a second person has to read again
    Pressestatus.ZUR_FREIGABE: frozenset({Pressestatus.FREIGEGEBEN, Pressestatus.ENTWURF}),
}
