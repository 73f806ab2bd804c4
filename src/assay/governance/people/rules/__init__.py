"""What must hold of roles, approvals and stand-ins. Pure: it reads no store, no clock and no request."""
