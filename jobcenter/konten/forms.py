from allauth.account.forms import LoginForm


class AnmeldungForm(LoginForm):
    """allauth's form without placeholders: the label says it."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-Mail-Adresse"
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
