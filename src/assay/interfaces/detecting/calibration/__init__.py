"""A calibration as a page that stands alone in a file. It fits nothing."""
