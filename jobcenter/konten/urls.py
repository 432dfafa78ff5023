"""The doors of the sign-in, one's own account, and the accounts as administration keeps them.

allauth's views are chosen one by one and keep allauth's names. Left out is everything by which people would open an
account themselves or sign in by mailed code: administration invites. `account_signup` stays and says so.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from jobcenter.konten import views
from jobcenter.konten.admin import verwaltung

tueren = [
    path("login/", account.login, name="account_login"),
    path("login/code/", mfa.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("logout/", account.logout, name="account_logout"),
    path("geschlossen/", account.account_inactive, name="account_inactive"),
    path("neu/", account.signup, name="account_signup"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("bestaetigen/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bestaetigen/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/setzen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key, name="account_reset_password_from_key"
    ),
    path("passwort/neu/fertig/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    # allauth sends back to its own overview; ours holds the whole account
    path("sicherheit/", RedirectView.as_view(pattern_name="konten:mein-konto"), name="mfa_index"),
    path("sicherheit/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("sicherheit/app/ausschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("sicherheit/notfallcodes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sicherheit/notfallcodes/neu/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("sicherheit/notfallcodes/notfallcodes.txt", views.NotfallcodesTextView.as_view(), name="mfa_download_recovery_codes"),
    path("sicherheit/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("sicherheit/passkeys/neu/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("sicherheit/passkeys/<int:pk>/entfernen/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("sicherheit/passkeys/<int:pk>/umbenennen/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("sitzungen/", sessions.list_usersessions, name="usersessions_list"),
]

eigene = [
    path("konto/", views.MeinKontoView.as_view(), name="mein-konto"),
    path("konto/zweiter-faktor/", views.ZweiterFaktorView.as_view(), name="zweiter-faktor"),
    path("konto/benachrichtigungen/", views.BenachrichtigungenView.as_view(), name="benachrichtigungen"),
    path("konto/e-mail/", views.MailAendernView.as_view(), name="mail-aendern"),
    path("konto/e-mail/<str:token>/", views.MailBestaetigenView.as_view(), name="mail-bestaetigen"),
    path("konto/einladung/<str:token>/", views.EinladungAnnehmenView.as_view(), name="einladung-annehmen"),
    path("intern/konten/", views.KontoListeView.as_view(), name="konto-liste"),
    path("intern/konten/neu/", views.KontoEinladenView.as_view(), name="konto-einladen"),
    path("intern/konten/<int:pk>/", views.KontoDetailView.as_view(), name="konto-detail"),
    path("intern/konten/<int:pk>/bearbeiten/", views.KontoBearbeitenView.as_view(), name="konto-bearbeiten"),
    path("intern/konten/<int:pk>/schliessen/", views.KontoSchliessenView.as_view(), name="konto-schliessen"),
    path("intern/konten/<int:pk>/oeffnen/", views.KontoOeffnenView.as_view(), name="konto-oeffnen"),
    path("intern/konten/<int:pk>/einladung/", views.EinladungSendenView.as_view(), name="einladung-senden"),
    path("intern/konten/<int:pk>/zweiter-faktor/", views.KontoFaktorZuruecksetzenView.as_view(), name="konto-faktor-zuruecksetzen"),
]

urlpatterns = [
    path("", include((eigene, "konten"))),
    path("konto/", include(tueren)),
    path("intern/verwaltung/", verwaltung.urls),
]
