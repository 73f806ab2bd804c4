"""How people come in: password and second factor, passkey, single sign-on, invitations, recovery. It grants no role."""
