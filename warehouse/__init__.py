"""The warehouse: how forms are read, judged, kept and published. It knows no dataset by name."""

__version__ = "0.1.0"
