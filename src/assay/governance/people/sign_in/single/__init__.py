"""Single sign-on by OpenID Connect: one provider, every claim checked. It asks no other service."""
