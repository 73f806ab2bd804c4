"""What a manifest says beside its actions: signals, bindings, identities. It believes none of it."""
