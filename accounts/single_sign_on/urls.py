"""URLs of single sign-on, outside the namespace of accounts: the library makes their addresses by these names."""

from django.urls import URLPattern, path

from accounts.single_sign_on import views

_SERVICE = "accounts/single-sign-on/<slug:provider_id>/"

urlpatterns: list[URLPattern] = [
    path(_SERVICE, views.openid_connect_login, name="openid_connect_login"),
    path(f"{_SERVICE}callback/", views.openid_connect_callback, name="openid_connect_callback"),
]
