from django.db.models import TextChoices


class Berichtsart(TextChoices):
    PROGRAMM = "programm", "Arbeitsmarktprogramm"
