"""Values of the table before partitions come along, with their means of twelve months."""

import psycopg
import pytest

from tests.umzug import migrate


def test_values_of_the_first_version_come_along(umzug):
    migrate("kennzahlen", "0001")
    umzug.execute(
        """INSERT INTO kennzahlen_jobcenter (traegernummer, name, form) VALUES ('99001', 'Musterburg', 'zkT');
           INSERT INTO kennzahlen_kennzahl (code, name, art, einheit, richtung, definition)
             VALUES ('K2', 'Integrationsquote', 'kennzahl', 'prozent', 'hoeher', ''),
                    ('K3', 'Bestand', 'kennzahl', 'veraenderung', 'niedriger', '');
           INSERT INTO kennzahlen_quelle (art, herausgeber, titel)
             VALUES ('eigene_erhebung', 'Haus', 'Zählung'), ('ba_endgueltig', 'BA', 'Kennzahlen'), ('presse', 'Zeitung', 'Artikel');
           INSERT INTO kennzahlen_datenstand (quelle_id, tag) SELECT id, '2026-07-20' FROM kennzahlen_quelle;
           INSERT INTO kennzahlen_messwert
             (jobcenter_id, kennzahl_id, von, bis, geschlecht, datenstand_id, zaehler, nenner, zitat, genauigkeit)
             SELECT j.id, k.id, '2026-03-01', '2026-03-31', 'I', d.id, 2600, 9825, NULL, 'genau'
               FROM kennzahlen_jobcenter j, kennzahlen_kennzahl k, kennzahlen_datenstand d, kennzahlen_quelle q
              WHERE q.id = d.quelle_id AND q.art <> 'presse';
           INSERT INTO kennzahlen_messwert
             (jobcenter_id, kennzahl_id, von, bis, geschlecht, datenstand_id, zaehler, nenner, zitat, genauigkeit)
             SELECT j.id, k.id, '2026-03-01', '2026-03-31', 'I', d.id, NULL, NULL, 36.1, 'rund'
               FROM kennzahlen_jobcenter j, kennzahlen_kennzahl k, kennzahlen_datenstand d, kennzahlen_quelle q
              WHERE q.id = d.quelle_id AND q.art = 'presse' AND k.code = 'K2';
           INSERT INTO kennzahlen_zielwert (jobcenter_id, kennzahl_id, jahr, geschlecht, wert, nur_beobachtung)
             SELECT j.id, k.id, 2026, 'I', 27, false FROM kennzahlen_jobcenter j, kennzahlen_kennzahl k"""
    )
    migrate()
    found = umzug.execute(
        """SELECT k.code, q.art, m.zaehler, m.nenner, m.nenner / k.nenner_teiler, m.zitat, m.genauigkeit, m.gesperrt, q.lizenz
             FROM kennzahlen_messwert m JOIN kennzahlen_kennzahl k ON k.id = kennzahl_id
             JOIN kennzahlen_datenstand d ON d.id = datenstand_id JOIN kennzahlen_quelle q ON q.id = d.quelle_id ORDER BY k.code, q.art"""
    ).fetchall()
    assert [row[:7] for row in found] == [
        ("K2", "ba_endgueltig", 2600, 9825 * 1200, 9825, None, "genau"),
        ("K2", "eigene_erhebung", 2600, 9825 * 1200, 9825, None, "genau"),
        ("K2", "presse", None, None, None, found[2][5], "rund"),
        ("K3", "ba_endgueltig", 2600, 9825, 9825, None, "genau"),
        ("K3", "eigene_erhebung", 2600, 9825, 9825, None, "genau"),
    ]
    assert {row[1]: row[8] for row in found} == {"ba_endgueltig": "ba", "eigene_erhebung": "dl-de-by", "presse": "zitat"}
    goals = umzug.execute("SELECT k.code, z.richtung FROM kennzahlen_zielwert z JOIN kennzahlen_kennzahl k ON k.id = z.kennzahl_id")
    assert dict(goals.fetchall()) == {"K2": "mindestens", "K3": "hoechstens"}
    with pytest.raises(psycopg.errors.RaiseException, match="Cannot"):
        umzug.execute("UPDATE kennzahlen_messwert SET zaehler = 1")
