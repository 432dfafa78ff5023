from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from django.http import HttpResponse


class NotfallcodesTextView(DownloadRecoveryCodesView):
    """allauth's, with a German file name."""

    content_type = "text/plain; charset=utf-8"

    def render_to_response(self, context: dict, **response_kwargs: object) -> HttpResponse:
        response = super().render_to_response(context, **response_kwargs)
        response.headers["Content-Disposition"] = 'attachment; filename="notfallcodes.txt"'
        return response
