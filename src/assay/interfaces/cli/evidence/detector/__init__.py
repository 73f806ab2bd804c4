"""`assay detector`: detectors as configured, measured and calibrated. It believes none that was not measured."""
