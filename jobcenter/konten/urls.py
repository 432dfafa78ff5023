"""The doors of the sign-in: allauth's views, chosen one by one.

Left out is everything by which people would open or change an account themselves (own e-mail addresses, sign-in by
mailed code): accounts are opened by administration. `account_signup` stays and says so.
"""

from allauth.account import views
from django.urls import include, path, re_path

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("geschlossen/", views.account_inactive, name="account_inactive"),
    path("neu/", views.signup, name="account_signup"),
    path("bestaetigen/", views.reauthenticate, name="account_reauthenticate"),
    path("passwort/", views.password_change, name="account_change_password"),
    path("passwort/setzen/", views.password_set, name="account_set_password"),
    path("passwort/vergessen/", views.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", views.password_reset_done, name="account_reset_password_done"),
    re_path(r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", views.password_reset_from_key, name="account_reset_password_from_key"),
    path("passwort/neu/fertig/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("sicherheit/", include("allauth.mfa.urls")),
]
