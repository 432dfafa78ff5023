"""Tables that come in as CSV or XLSX: what every room needs to read them safely and to say where something is wrong.

What a column means is the business of the room that reads it.
"""

from jobcenter.common.tabellendateien.csvtext import FREMDE_DATEIEN, SPEICHERN, TRENNZEICHEN, decode_csv, split_line
from jobcenter.common.tabellendateien.stellen import (
    Fehler,
    TabellenFehler,
    Zellfehler,
    column_letters,
    enumerate_words,
    fold,
    local_file,
    quote,
)
from jobcenter.common.tabellendateien.werte import (
    check_cell,
    day_in_text,
    month_in_text,
    number_in_text,
    plain_number,
)
from jobcenter.common.tabellendateien.xlsx import (
    Verbunden,
    check_archive,
    check_visible,
    list_sheets,
    open_workbook,
    read_batches,
    reading,
    sheet_part,
)

__all__ = [
    "FREMDE_DATEIEN",
    "SPEICHERN",
    "TRENNZEICHEN",
    "Fehler",
    "TabellenFehler",
    "Verbunden",
    "Zellfehler",
    "check_archive",
    "check_cell",
    "check_visible",
    "column_letters",
    "day_in_text",
    "decode_csv",
    "enumerate_words",
    "fold",
    "list_sheets",
    "local_file",
    "month_in_text",
    "number_in_text",
    "open_workbook",
    "plain_number",
    "quote",
    "read_batches",
    "reading",
    "sheet_part",
    "split_line",
]
