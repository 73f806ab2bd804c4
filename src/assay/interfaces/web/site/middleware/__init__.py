"""What every request of the site passes, in the order of the settings. It knows no page."""
