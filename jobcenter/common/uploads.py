"""What somebody uploads is judged by what is in it; its name and what the browser calls it prove nothing."""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import NamedTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest

MB = 1024 * 1024
MOST_BODY = 60 * MB  # of one request with files; more is refused before it is read
MOST_PIXELS = 60_000_000
MOST_UNPACKED = 200 * MB
MOST_RATIO = 150  # unpacked to packed; office files stay far below
MOST_ENTRIES = 5_000
LONGEST_NAME = 80
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)")


class UploadError(ValueError):
    """The file is refused; the sentence says why and what to do."""


@dataclass(frozen=True)
class Dateiart:
    wort: str  # as in „ist ein Bild“
    endungen: tuple[str, ...]
    mime: str


ARTEN = {
    "pdf": Dateiart("ein PDF", (".pdf",), "application/pdf"),
    "png": Dateiart("ein PNG-Bild", (".png",), "image/png"),
    "jpeg": Dateiart("ein JPEG-Bild", (".jpg", ".jpeg"), "image/jpeg"),
    "webp": Dateiart("ein WebP-Bild", (".webp",), "image/webp"),
    "xlsx": Dateiart("eine Excel-Tabelle", (".xlsx",), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": Dateiart("ein Word-Dokument", (".docx",), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": Dateiart("eine CSV-Tabelle", (".csv",), "text/csv"),
}
BILDER = ("png", "jpeg", "webp")
_ZIPPED = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}


def check_upload(file: IO[bytes], name: str, kinds: tuple[str, ...]) -> str:
    """The kind that the file is, when it is one of `kinds` and its name says so. Leaves the file at its beginning."""
    kind = recognise(file)
    file.seek(0)
    wanted = ", ".join(ending for one in kinds for ending in ARTEN[one].endungen)
    if kind is None or kind not in kinds:
        what = (
            f"Die Datei ist {ARTEN[kind].wort}. Das geht hier nicht."
            if kind
            else "Diese Art von Datei geht hier nicht, wie auch immer sie heißt."
        )
        raise UploadError(f"{what} Möglich sind: {wanted}.")
    ending = PurePosixPath(name.lower()).suffix
    if ending not in ARTEN[kind].endungen:
        raise UploadError(
            f"Die Datei endet auf „{ending or 'nichts'}“, ist aber {ARTEN[kind].wort}. "
            f"Speichern Sie sie als {ARTEN[kind].endungen[0]} und laden Sie sie noch einmal hoch."
        )
    return kind


def recognise(file: IO[bytes]) -> str | None:
    """What the content is; None for everything that nobody needs here, such as SVG, HTML or programs."""
    file.seek(0)
    start = file.read(2048)
    if start.startswith(b"%PDF-"):
        return "pdf" if _ends_like_pdf(file) else None
    if start.startswith(b"PK\x03\x04"):
        return _look_into_zip(file)
    if start.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF")):
        return _look_at_image(file)
    return "csv" if _is_table(file) else None


def clean_name(name: str, kind: str) -> str:
    """A name that means the same on every computer: no folders, no control or direction signs, one ending, its true one."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    stem = base[: -len(ending)] if (ending := PurePosixPath(base).suffix) else base
    visible = "".join(sign for sign in stem if unicodedata.category(sign)[0] in "LNP" or sign in " +")
    tidy = re.sub(r"[^\w\-+()§&,]+", "-", visible).strip("-.")[:LONGEST_NAME].strip("-.")
    if not tidy or _RESERVED.fullmatch(tidy):
        tidy = f"datei-{tidy}".rstrip("-")
    return tidy + ARTEN[kind].endungen[0]


class LimitedUploadHandler(FileUploadHandler):
    """Refuses a request that is too large before its first byte goes to the disk. First of FILE_UPLOAD_HANDLERS."""

    most_body = MOST_BODY

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None) -> None:  # noqa: N803
        if content_length > self.most_body:
            raise RequestDataTooBig(f"{content_length} bytes with files")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class LargeUploadHandler(LimitedUploadHandler):
    """For a page that takes large tables, from people it knows: see accept_large_upload."""

    most_body = 260 * MB


class DiskUploadHandler(TemporaryFileUploadHandler):
    """Writes what comes in to the portal's own folder: where /tmp lies in memory, a large file would fill it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = _FileOnDisk(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)


class _FileOnDisk(TemporaryUploadedFile):
    def __init__(self, name: Any, content_type: Any, size: int, charset: Any, content_type_extra: Any = None) -> None:
        folder = settings.VAR_DIR / "eingang"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = NamedTemporaryFile(prefix="hochgeladen-", dir=folder)  # noqa: SIM115  # closed with the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, content_type_extra)


def accept_large_upload(request: HttpRequest) -> None:
    """Let one request bring a large file. Only after the person is known to be allowed, and before its body is read: such a
    view is csrf_exempt at its door and csrf_protect behind this call."""
    request.upload_handlers = [LargeUploadHandler(request), DiskUploadHandler(request)]


def _ends_like_pdf(file: IO[bytes]) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - 2048))
    return b"%%EOF" in file.read()


def _look_at_image(file: IO[bytes]) -> str | None:
    from PIL import Image  # noqa: PLC0415  # few requests bring a picture, every process would carry it

    file.seek(0)
    try:
        with Image.open(file, formats=["PNG", "JPEG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UploadError("Das Bild ist zu groß. Verkleinern Sie es, zum Beispiel auf 4.000 Punkte Breite.")
            kind = str(image.format).lower()
            image.verify()
    except UploadError:
        raise
    except Image.DecompressionBombError as error:
        raise UploadError("Das Bild ist zu groß. Verkleinern Sie es, zum Beispiel auf 4.000 Punkte Breite.") from error
    except Exception:
        return None
    return kind


def _look_into_zip(file: IO[bytes]) -> str | None:
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    names = {entry.filename for entry in entries}
    unpacked, size = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(size, 1):
        raise UploadError("Die Datei wäre entpackt viel zu groß. Speichern Sie die Tabelle neu und laden Sie sie noch einmal hoch.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadError("Die Datei ist mit einem Passwort geschützt. Speichern Sie sie ohne Passwort.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UploadError("Die Datei enthält Makros. Speichern Sie sie ohne Makros, als .xlsx oder .docx.")
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for name, kind in _ZIPPED.items() if name in names), None)


def _is_table(file: IO[bytes]) -> bool:
    """Lines of text with the same separator; markup is none."""
    file.seek(0)
    content = file.read(64 * 1024)
    if not content.strip() or b"\x00" in content:
        return False
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    lines = [line for line in text.splitlines() if line.strip()]
    return not text.lstrip().startswith(("<", "%", "#!", "{")) and bool(lines) and any(sign in lines[0] for sign in ";,\t")
