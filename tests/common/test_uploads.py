"""Uploads are judged by their content; every refusal is a sentence that says what to do."""

import io
import zipfile

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image

from jobcenter.common.forms import DateienField, DateiField, KernForm
from jobcenter.common.uploads import MOST_BODY, LimitedUploadHandler, clean_name

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def image(kind: str = "PNG", size: tuple[int, int] = (2, 2)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size).save(out, kind)
    return out.getvalue()


def packed(*names: str, content: bytes = b"<x/>", extra: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")


class _Form(KernForm):
    datei = DateiField(label="Unterlage", kinds=["pdf", "png", "xlsx", "csv"], max_mb=1)


def send(name: str, content: bytes, content_type: str = "application/pdf") -> _Form:
    return _Form({}, {"datei": SimpleUploadedFile(name, content, content_type)})


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("Vorlage.pdf", PDF, "application/pdf"),
        ("BILD.PNG", image(), "image/png"),
        ("zahlen.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("zahlen.csv", "Jahr;Wert\n2026;Größe".encode("cp1252"), "text/csv"),
    ],
)
def test_what_is_what_its_name_says_is_taken(name, content, mime):
    form = send(name, content, "text/html")
    assert form.is_valid(), form.errors
    file = form.cleaned_data["datei"]
    assert file.content_type == mime  # not what the browser claimed
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bild.pdf", image(), "Die Datei endet auf „.pdf“, ist aber ein PNG-Bild."),
        ("text.png", PDF, "Die Datei endet auf „.png“, ist aber ein PDF."),
        ("rechnung.pdf.exe", PDF, "Die Datei endet auf „.exe“, ist aber ein PDF."),
        ("ohne", PDF, "Die Datei endet auf „nichts“, ist aber ein PDF."),
        ("bild.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "Diese Art von Datei geht hier nicht"),
        ("seite.pdf", b"<!doctype html><script>alert(1)</script>", "Diese Art von Datei geht hier nicht"),
        ("seite.csv", b"<html>;,</html>", "Diese Art von Datei geht hier nicht"),
        ("programm.pdf", b"MZ\x90\x00\x03" + b"\x00" * 100, "Diese Art von Datei geht hier nicht"),
        ("halb.pdf", b"%PDF-1.7 und dann nichts", "Diese Art von Datei geht hier nicht"),
        ("halb.png", image()[:40], "Diese Art von Datei geht hier nicht"),
        ("foto.png", image("JPEG"), "Die Datei ist ein JPEG-Bild. Das geht hier nicht."),
        ("anderes.xlsx", packed("irgendwas.txt"), "Diese Art von Datei geht hier nicht"),
        ("brief.xlsx", packed("[Content_Types].xml", "word/document.xml"), "Die Datei ist ein Word-Dokument. Das geht hier nicht."),
        ("leer.pdf", b"", "Die Datei ist leer."),
        ("gross.pdf", PDF + b" " * 1024 * 1024 + b"%%EOF", "Die Datei ist zu groß: 2\u00a0MB. Erlaubt sind höchstens 1\u00a0MB."),
        ("bombe.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", content=b"0" * 60_000_000), "entpackt viel zu groß"),
        ("makro.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "Die Datei enthält Makros."),
        ("kaputt.xlsx", XLSX[:-30], "Diese Art von Datei geht hier nicht"),
        (
            "verschluesselt.xlsx",
            XLSX.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"),
            "mit einem Passwort",
        ),
    ],
)
def test_what_is_something_else_is_refused_with_a_sentence(name, content, sentence):
    form = send(name, content)
    assert sentence in form.errors["datei"][0]


def test_a_picture_with_too_many_points_is_refused_without_unpacking_it(monkeypatch):
    monkeypatch.setattr("jobcenter.common.uploads.MOST_PIXELS", 99)
    assert "Verkleinern Sie es" in send("bild.png", image(size=(10, 10))).errors["datei"][0]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Petra\\Vorlage 3.pdf", "Vorlage-3.pdf"),
        ("Größe & Maß (neu).pdf", "Größe-&-Maß-(neu).pdf"),
        ("a.pdf.pdf", "a-pdf.pdf"),
        ("bild.svg.pdf", "bild-svg.pdf"),
        ("x\r\nSet-Cookie: a=b.pdf", "xSet-Cookie-ab.pdf"),
        ("gpj.\u202efdp.pdf", "gpj-fdp.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("con.pdf", "datei-con.pdf"),
        ("\x00.pdf", "datei.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        ('"; filename="b.html', "filename-b.pdf"),
    ],
)
def test_names_mean_the_same_everywhere(name, kept):
    assert clean_name(name, "pdf") == kept


class _Mehrere(KernForm):
    bilder = DateienField(label="Bilder", kinds=["png"], max_mb=1, max_files=2, required=False)


def send_all(*files: tuple[str, bytes]) -> _Mehrere:
    return _Mehrere({}, MultiValueDict({"bilder": [SimpleUploadedFile(name, content) for name, content in files]}))


def test_several_files_are_each_looked_at():
    assert send_all().is_valid()
    form = send_all(("a.png", image()), ("b.png", image()))
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["bilder"]] == ["a.png", "b.png"]
    assert send_all(("a.png", image()), ("b.png", PDF)).errors["bilder"][0].startswith("b.png: Die Datei ist ein PDF.")
    assert "höchstens 2" in send_all(*[("a.png", image())] * 3).errors["bilder"][0]


def test_a_huge_request_is_refused_before_it_is_read():
    handler = LimitedUploadHandler()
    assert handler.handle_raw_input(None, {}, MOST_BODY, b"") is None
    with pytest.raises(RequestDataTooBig):
        handler.handle_raw_input(None, {}, MOST_BODY + 1, b"")
