import jobcenter.common.clock
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Deliveries of events become jobs like all others."""

    dependencies = [("common", "0001_anfang")]

    operations = [
        migrations.RemoveIndex("zustellung", "zustellung_faellig"),
        migrations.RenameField("zustellung", "versuche", "versuch"),
        migrations.RenameField("zustellung", "erledigt_am", "fertig_am"),
        migrations.AlterField("zustellung", "versuch", models.PositiveIntegerField(default=0, verbose_name="Versuch")),
        migrations.AlterField("zustellung", "fertig_am", models.DateTimeField(blank=True, null=True, verbose_name="fertig am")),
        migrations.AddField("zustellung", "status", models.CharField(choices=[("wartet", "wartet"), ("in_arbeit", "in Arbeit"), ("fertig", "fertig"), ("gescheitert", "gescheitert")], default="wartet", max_length=12, verbose_name="Stand")),
        migrations.AddField("zustellung", "angelegt_am", models.DateTimeField(default=jobcenter.common.clock.now, verbose_name="angelegt am")),
        migrations.AddField("zustellung", "lease_bis", models.DateTimeField(blank=True, null=True, verbose_name="in Arbeit bis")),
        migrations.RunSQL("UPDATE common_zustellung SET status = 'fertig' WHERE fertig_am IS NOT NULL", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),

        migrations.AddConstraint("zustellung", models.CheckConstraint(condition=Q(status__in=["wartet", "in_arbeit", "fertig", "gescheitert"]), name="zustellung_status_bekannt")),
        migrations.AddConstraint("zustellung", models.CheckConstraint(condition=(Q(status="fertig") & Q(("fertig_am__isnull", False))) | (~Q(status="fertig") & Q(("fertig_am__isnull", True))), name="zustellung_fertig")),
        migrations.AddConstraint("zustellung", models.CheckConstraint(condition=(Q(status="in_arbeit") & Q(("lease_bis__isnull", False))) | (~Q(status="in_arbeit") & Q(("lease_bis__isnull", True))), name="zustellung_lease_nur_in_arbeit")),
        migrations.AddIndex("zustellung", models.Index(fields=["naechster_versuch"], condition=Q(status__in=["wartet", "in_arbeit"]), name="zustellung_faellig")),
        migrations.AddIndex("zustellung", models.Index(fields=["angelegt_am"], condition=Q(status="gescheitert"), name="zustellung_gescheitert")),
    ]
