import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """A mail is a job like all others, and may go to an address without an account."""

    dependencies = [("post", "0001_anfang"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RemoveConstraint("versand", "versand_status_bekannt"),
        migrations.RemoveConstraint("versand", "versand_versendet"),
        migrations.RemoveConstraint("versand", "versand_einmal_je_anlass"),
        migrations.RemoveIndex("versand", "versand_faellig"),
        migrations.RenameField("versand", "versuche", "versuch"),
        migrations.RenameField("versand", "versendet_am", "fertig_am"),
        migrations.AlterField("versand", "versuch", models.PositiveIntegerField(default=0, verbose_name="Versuch")),
        migrations.AlterField("versand", "fertig_am", models.DateTimeField(blank=True, null=True, verbose_name="fertig am")),
        migrations.AlterField("versand", "an", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="an")),
        migrations.AlterField("versand", "anlass", models.CharField(blank=True, max_length=80, verbose_name="Anlass")),
        migrations.AlterField("versand", "status", models.CharField(choices=[("wartet", "wartet"), ("in_arbeit", "in Arbeit"), ("fertig", "fertig"), ("gescheitert", "gescheitert")], default="wartet", max_length=12, verbose_name="Stand")),
        migrations.AddField("versand", "lease_bis", models.DateTimeField(blank=True, null=True, verbose_name="in Arbeit bis")),
        migrations.AddField("versand", "adresse", models.EmailField(default="", max_length=254, verbose_name="Adresse"), preserve_default=False),
        migrations.AddField("versand", "vertraulich", models.BooleanField(default=False, verbose_name="vertraulich")),
        migrations.AddField("versand", "sammelbar", models.BooleanField(default=False, verbose_name="wartet auf die Sammelmail")),
        migrations.AddField("versand", "sammelbrief", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="gesammelte", to="post.versand", verbose_name="Sammelmail")),
        migrations.RunSQL("UPDATE post_versand SET adresse = konten_user.email FROM konten_user WHERE konten_user.id = an_id", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE post_versand SET status = 'fertig' WHERE status = 'versendet'", migrations.RunSQL.noop),
        # the new key to another row is checked at the end of the transaction; the table cannot be altered before that
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL IMMEDIATE"),

        migrations.AddConstraint("versand", models.CheckConstraint(condition=Q(status__in=["wartet", "in_arbeit", "fertig", "gescheitert"]), name="versand_status_bekannt")),
        migrations.AddConstraint("versand", models.CheckConstraint(condition=(Q(status="fertig") & Q(("fertig_am__isnull", False))) | (~Q(status="fertig") & Q(("fertig_am__isnull", True))), name="versand_fertig")),
        migrations.AddConstraint("versand", models.CheckConstraint(condition=(Q(status="in_arbeit") & Q(("lease_bis__isnull", False))) | (~Q(status="in_arbeit") & Q(("lease_bis__isnull", True))), name="versand_lease_nur_in_arbeit")),
        migrations.AddIndex("versand", models.Index(fields=["naechster_versuch"], condition=Q(status__in=["wartet", "in_arbeit"]), name="versand_faellig")),
        migrations.AddIndex("versand", models.Index(fields=["angelegt_am"], condition=Q(status="gescheitert"), name="versand_gescheitert")),
        migrations.AddConstraint("versand", models.UniqueConstraint(fields=["an", "anlass"], condition=~Q(anlass=""), name="versand_einmal_je_anlass")),
        migrations.AddConstraint("versand", models.CheckConstraint(condition=Q(sammelbar=False) | Q(status="wartet"), name="versand_gesammelt_wartet")),
    ]
