"""New scores held against those that a calibration was made on. It changes no calibration."""
