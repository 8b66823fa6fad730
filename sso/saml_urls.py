"""Where SAML providers send people. allauth knows these addresses by their bare names."""

from django.urls import path

from sso import saml

urlpatterns = [
    path("<slug:organization_slug>/", saml.start, name="saml_start"),
    path("<slug:organization_slug>/acs/", saml.acs, name="saml_acs"),
    path("<slug:organization_slug>/acs/finish/", saml.finish, name="saml_finish_acs"),
    path("<slug:organization_slug>/sls/", saml.signed_out, name="saml_sls"),
    path("<slug:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
]
