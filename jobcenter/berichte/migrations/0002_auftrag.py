import jobcenter.common.clock
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A report is a job like all others."""

    dependencies = [("berichte", "0001_anfang")]

    operations = [
        migrations.RemoveConstraint("bericht", "bericht_status_bekannt"),
        migrations.RemoveConstraint("bericht", "bericht_fortschritt"),
        migrations.RemoveConstraint("bericht", "bericht_fertig_vollstaendig"),
        migrations.RemoveConstraint("bericht", "bericht_lease_nur_in_arbeit"),
        migrations.RenameField("bericht", "angefordert_am", "angelegt_am"),
        migrations.AlterModelOptions("bericht", {"ordering": ["-angelegt_am"], "verbose_name": "Bericht", "verbose_name_plural": "Berichte"}),
        migrations.AlterField("bericht", "angelegt_am", models.DateTimeField(default=jobcenter.common.clock.now, verbose_name="angelegt am")),
        migrations.AlterField("bericht", "versuch", models.PositiveIntegerField(default=0, verbose_name="Versuch")),
        migrations.AlterField("bericht", "fehler", models.TextField(blank=True, verbose_name="letzter Fehler")),
        migrations.AlterField("bericht", "status", models.CharField(choices=[("wartet", "wartet"), ("in_arbeit", "in Arbeit"), ("fertig", "fertig"), ("gescheitert", "gescheitert")], default="wartet", max_length=12, verbose_name="Stand")),
        migrations.RunSQL("UPDATE berichte_bericht SET status = 'wartet' WHERE status = 'angefordert'", migrations.RunSQL.noop),
        # rewritten rows have their keys checked at the end of the transaction; the table cannot be altered before that
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),

        migrations.AddConstraint("bericht", models.CheckConstraint(condition=Q(status__in=["wartet", "in_arbeit", "fertig", "gescheitert"]), name="bericht_status_bekannt")),
        migrations.AddConstraint("bericht", models.CheckConstraint(condition=(Q(status="fertig") & Q(("fertig_am__isnull", False))) | (~Q(status="fertig") & Q(("fertig_am__isnull", True))), name="bericht_fertig")),
        migrations.AddConstraint("bericht", models.CheckConstraint(condition=(Q(status="in_arbeit") & Q(("lease_bis__isnull", False))) | (~Q(status="in_arbeit") & Q(("lease_bis__isnull", True))), name="bericht_lease_nur_in_arbeit")),
        migrations.AddIndex("bericht", models.Index(fields=["naechster_versuch"], condition=Q(status__in=["wartet", "in_arbeit"]), name="bericht_faellig")),
        migrations.AddIndex("bericht", models.Index(fields=["angelegt_am"], condition=Q(status="gescheitert"), name="bericht_gescheitert")),
        migrations.AddConstraint("bericht", models.CheckConstraint(condition=Q(fortschritt__range=(0, 100)), name="bericht_fortschritt")),
        migrations.AddConstraint("bericht", models.CheckConstraint(condition=(Q(status="fertig") & Q(("datei__isnull", False), ("pruefsumme__isnull", False), ("groesse__isnull", False), ("seiten__isnull", False))) | (~Q(status="fertig") & Q(("datei__isnull", True), ("pruefsumme__isnull", True), ("groesse__isnull", True), ("seiten__isnull", True))), name="bericht_fertig_vollstaendig")),
    ]
