"""Deciding live: bundles in use, rollout, brakes, counts. It knows neither HTTP nor any broker."""
