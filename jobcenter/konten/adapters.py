from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class KontenAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by administration."""
        return False
