"""The media engine's door: the only import of the compiled module."""
