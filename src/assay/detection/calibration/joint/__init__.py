"""Several detectors of one group weighed together, so that twins count once. It knows no detector itself."""
