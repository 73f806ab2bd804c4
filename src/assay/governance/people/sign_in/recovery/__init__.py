"""Recovery of an account: asked for, and decided by an administrator who is not the person. It sends no mail itself."""
