"""File fields: size, kind by content, and a clean name."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from jobcenter.common.typography import zahl
from jobcenter.common.uploads import ARTEN, MB, UploadError, check_upload, clean_name


class DateiField(forms.FileField):
    """One file of the given kinds (keys of `uploads.ARTEN`). Afterwards its name is safe and its content_type is true."""

    default_error_messages = {
        "too_large": "Die Datei ist zu groß: {size}\u00a0MB. Erlaubt sind höchstens {most}\u00a0MB.",
        "max_length": "Der Name der Datei ist zu lang. Benennen Sie sie kürzer.",
        "empty": "Die Datei ist leer. Wählen Sie eine andere aus.",
        "invalid": "Die Datei ist nicht angekommen. Wählen Sie sie noch einmal aus.",
    }

    def __init__(self, *, kinds: Sequence[str], max_mb: int = 10, **kwargs: Any) -> None:
        self.kinds, self.max_mb = tuple(kinds), max_mb
        endings = [ending for kind in kinds for ending in ARTEN[kind].endungen]
        kwargs.setdefault("help_text", f"{', '.join(endings)}, höchstens {max_mb}\u00a0MB.")
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)
        self.widget.attrs["accept"] = ",".join(endings)

    def to_python(self, data: Any) -> UploadedFile | None:
        file: Any = super().to_python(data)
        if file is None:
            return None
        if file.size > self.max_mb * MB:
            size = zahl(-(-file.size // MB))
            raise ValidationError(self.error_messages["too_large"].format(size=size, most=zahl(self.max_mb)), code="too_large")
        try:
            kind = check_upload(file, file.name, self.kinds)
        except UploadError as error:
            raise ValidationError(str(error), code="kind") from error
        file.name, file.content_type = clean_name(file.name, kind), ARTEN[kind].mime
        return file


class MehrereDateien(forms.ClearableFileInput):
    allow_multiple_selected = True


class DateienField(DateiField):
    """Several files of the given kinds; its value is a list."""

    widget = MehrereDateien

    def __init__(self, *, max_files: int = 10, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > self.max_files:
            raise ValidationError(f"Das sind zu viele Dateien. Erlaubt sind höchstens {self.max_files}.", code="too_many")
        if not files:
            super().clean(None, initial)  # says that one is missing, where one is wanted
            return []
        faults, cleaned = [], []
        for file in files:
            name = str(file.name)
            try:
                cleaned.append(super().clean(file, initial))
            except ValidationError as error:
                faults += [ValidationError(f"{name}: {message}", code=error.code) for message in error.messages]
        if faults:
            raise ValidationError(faults)
        return cleaned
