"""The clerk: work that waits for no person, done in the background. It answers no request."""
