"""The manifest store as bytes: whether a file carries one, and whose certificates are in it. It verifies nothing."""
