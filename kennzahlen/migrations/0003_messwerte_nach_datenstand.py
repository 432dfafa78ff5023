"""Values move into a table partitioned by Datenstand, keyed by what they are; large deliveries are loaded beside it and attached.

Nobody but these functions creates or attaches a partition: they belong to the owner of the tables, so that the portal's own
database role needs no right to alter anything, and they refuse to touch what is published.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

TABLE = """
ALTER TABLE kennzahlen_messwert RENAME TO kennzahlen_messwert_alt;
CREATE TABLE kennzahlen_messwert (
  zaehler bigint,
  nenner bigint,
  datenstand_id integer NOT NULL,
  jobcenter_id integer NOT NULL,
  kennzahl_id integer NOT NULL,
  von date NOT NULL,
  bis date NOT NULL,
  geschlecht varchar(1) COLLATE "C" NOT NULL,
  gesperrt boolean NOT NULL DEFAULT false,
  kennzeichen varchar(8) NOT NULL DEFAULT '',
  genauigkeit varchar(8) NOT NULL DEFAULT 'genau',
  zitat numeric(7, 2),
  CONSTRAINT messwert_zeitraum CHECK (von <= bis),
  CONSTRAINT messwert_gezaehlt_zitiert_oder_gekennzeichnet CHECK (
    (zaehler IS NOT NULL AND zitat IS NULL AND kennzeichen = '')
    OR (zaehler IS NULL AND nenner IS NULL AND zitat IS NOT NULL AND kennzeichen = '')
    OR (zaehler IS NULL AND nenner IS NULL AND zitat IS NULL AND kennzeichen <> '')
  ),
  CONSTRAINT messwert_nenner_positiv CHECK (nenner IS NULL OR nenner > 0)
) PARTITION BY RANGE (datenstand_id);
CREATE TABLE kennzahlen_messwert_klein PARTITION OF kennzahlen_messwert FOR VALUES FROM (MINVALUE) TO (1000000000);
INSERT INTO kennzahlen_messwert (datenstand_id, jobcenter_id, kennzahl_id, zaehler, nenner, von, bis, geschlecht, genauigkeit, zitat)
  SELECT datenstand_id, jobcenter_id, kennzahl_id, zaehler, nenner * nenner_teiler, von, bis, geschlecht, genauigkeit, zitat
    FROM kennzahlen_messwert_alt a JOIN kennzahlen_kennzahl k ON k.id = a.kennzahl_id;
DROP TABLE kennzahlen_messwert_alt;
ALTER TABLE kennzahlen_messwert
  ADD CONSTRAINT messwert_schluessel PRIMARY KEY (kennzahl_id, bis, jobcenter_id, geschlecht, von, datenstand_id),
  ADD CONSTRAINT messwert_datenstand FOREIGN KEY (datenstand_id) REFERENCES kennzahlen_datenstand DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT messwert_jobcenter FOREIGN KEY (jobcenter_id) REFERENCES kennzahlen_jobcenter DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT messwert_kennzahl FOREIGN KEY (kennzahl_id) REFERENCES kennzahlen_kennzahl DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX messwert_klein_datenstand ON kennzahlen_messwert_klein (datenstand_id);
SET CONSTRAINTS ALL IMMEDIATE;
CREATE SEQUENCE kennzahlen_datenstand_gross START 1000000000;
"""

FUNCTIONS = """
CREATE FUNCTION kennzahlen_block(lieferung bigint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT 'kennzahlen_block_' || lieferung $$;

-- Throws away what an attempt has left behind; a block that is attached is published and stays.
CREATE FUNCTION kennzahlen_block_verwerfen(lieferung bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass(kennzahlen_block(lieferung))) THEN
    RAISE EXCEPTION 'block % is published', lieferung;
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS %I', kennzahlen_block(lieferung));
END $$;

-- A table for the values of a delivery, beside the published ones.
CREATE FUNCTION kennzahlen_block_anlegen(lieferung bigint, datenstand bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM kennzahlen_block_verwerfen(lieferung);
  EXECUTE format('CREATE TABLE %I (LIKE kennzahlen_messwert INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
    CHECK (datenstand_id >= %s AND datenstand_id < %s))', kennzahlen_block(lieferung), datenstand, datenstand + 1);
  EXECUTE format('ALTER TABLE %I ALTER datenstand_id SET DEFAULT %s', kennzahlen_block(lieferung), datenstand);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON %I TO %I', kennzahlen_block(lieferung), session_user);
END $$;

-- The key, while nobody looks: it finds what is there twice.
CREATE FUNCTION kennzahlen_block_schluesseln(lieferung bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET maintenance_work_mem = '256MB' AS $$
BEGIN
  EXECUTE format('ALTER TABLE %I ADD PRIMARY KEY (kennzahl_id, bis, jobcenter_id, geschlecht, von, datenstand_id)', kennzahlen_block(lieferung));
  EXECUTE format('ALTER TABLE %I
    ADD FOREIGN KEY (jobcenter_id) REFERENCES kennzahlen_jobcenter DEFERRABLE INITIALLY DEFERRED,
    ADD FOREIGN KEY (kennzahl_id) REFERENCES kennzahlen_kennzahl DEFERRABLE INITIALLY DEFERRED', kennzahlen_block(lieferung));
  EXECUTE format('ANALYZE %I', kennzahlen_block(lieferung));
END $$;

CREATE FUNCTION kennzahlen_block_abgeschlossen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the Datenstand of this delivery is published, nothing can be added';
END $$;

-- Makes a block visible. Readers go on reading; afterwards nobody adds to it.
CREATE FUNCTION kennzahlen_block_anhaengen(lieferung bigint, datenstand bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE kennzahlen_messwert ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
    kennzahlen_block(lieferung), datenstand, datenstand + 1);
  EXECUTE format('CREATE TRIGGER abgeschlossen BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION kennzahlen_block_abgeschlossen()',
    kennzahlen_block(lieferung));
END $$;
"""

ZITAT = """
ALTER TABLE kennzahlen_zitat ADD CONSTRAINT zitat_messwert
  FOREIGN KEY (kennzahl_id, bis, jobcenter_id, geschlecht, von, datenstand_id)
  REFERENCES kennzahlen_messwert (kennzahl_id, bis, jobcenter_id, geschlecht, von, datenstand_id);
"""


class Migration(migrations.Migration):
    dependencies = [("kennzahlen", "0002_lieferungen_und_vergleich")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE kennzahlen_zielwert z SET richtung = 'hoechstens'
              FROM kennzahlen_kennzahl k WHERE k.id = z.kennzahl_id AND k.richtung = 'niedriger';
            UPDATE kennzahlen_kennzahl SET nenner_teiler = 1200 WHERE code IN ('K2', 'K2E1', 'K2E2', 'K2E4', 'K3E1');
            UPDATE kennzahlen_quelle SET lizenz = CASE WHEN art = 'eigene_erhebung' THEN 'dl-de-by' WHEN art LIKE 'ba_%' THEN 'ba' ELSE 'zitat' END;
            SET CONSTRAINTS ALL IMMEDIATE;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(TABLE),
                pgtrigger.migrations.AddTrigger(
                    model_name="messwert",
                    trigger=pgtrigger.compiler.Trigger(
                        name="messwert_unveraenderlich",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="064d1f1bab86422b3558df24af9b38e68f613ed8",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_messwert_unveraenderlich_b5378",
                            table="kennzahlen_messwert",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.RunSQL(FUNCTIONS),
                migrations.RunSQL(ZITAT),
            ],
            state_operations=[
                migrations.RemoveConstraint(
                    model_name='messwert',
                    name='messwert_schluessel',
                ),
                migrations.RemoveConstraint(
                    model_name='messwert',
                    name='messwert_gezaehlt_oder_zitiert',
                ),
                migrations.RemoveField(
                    model_name='messwert',
                    name='id',
                ),
                migrations.AddField(
                    model_name='messwert',
                    name='gesperrt',
                    field=models.BooleanField(db_default=False, default=False, verbose_name='gesperrt'),
                ),
                migrations.AddField(
                    model_name='messwert',
                    name='kennzeichen',
                    field=models.CharField(blank=True, choices=[('geheim', 'geheim gehalten'), ('sinnlos', 'nicht sinnvoll')], db_default='', max_length=8, verbose_name='Kennzeichen'),
                ),
                migrations.AddField(
                    model_name='messwert',
                    name='pk',
                    field=models.CompositePrimaryKey('kennzahl_id', 'bis', 'jobcenter_id', 'geschlecht', 'von', 'datenstand_id', blank=True, editable=False, primary_key=True, serialize=False),
                ),
                migrations.AlterField(
                    model_name='messwert',
                    name='genauigkeit',
                    field=models.CharField(choices=[('genau', ''), ('rund', 'rund'), ('knapp', 'knapp'), ('ueber', 'über')], db_default='genau', default='genau', max_length=8, verbose_name='Genauigkeit'),
                ),
                migrations.AlterField(
                    model_name='messwert',
                    name='jobcenter',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messwerte', to='kennzahlen.jobcenter', verbose_name='Jobcenter'),
                ),
                migrations.AlterField(
                    model_name='messwert',
                    name='kennzahl',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messwerte', to='kennzahlen.kennzahl', verbose_name='Kennzahl'),
                ),
                migrations.AddConstraint(
                    model_name='messwert',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('kennzeichen', ''), ('zaehler__isnull', False), ('zitat__isnull', True)), models.Q(('kennzeichen', ''), ('nenner__isnull', True), ('zaehler__isnull', True), ('zitat__isnull', False)), models.Q(('nenner__isnull', True), ('zaehler__isnull', True), ('zitat__isnull', True), models.Q(('kennzeichen', ''), _negated=True)), _connector='OR'), name='messwert_gezaehlt_zitiert_oder_gekennzeichnet'),
                ),
            ],
        ),
    ]
