"""Where a change is talked over with people of the house and experts outside. It changes no text."""
