"""An Excel file of one sheet, made for a test."""

from io import BytesIO

from xlsxwriter import Workbook


def workbook(rows: list[list[object]], name: str = "Tabelle1") -> bytes:
    buffer = BytesIO()
    book = Workbook(buffer)
    sheet = book.add_worksheet(name)
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()
