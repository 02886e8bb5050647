"""Turns the accepted rows into published series: models in order, a fresh file, a pointer."""
