"""The HTTP edge: pages, interface, event stream, static files.

Parses what strangers send and answers in their terms; decides nothing. Must never speak SQL,
read settings or know which media server stands behind.
"""
