"""What comes as a file and goes as a file: rosters read in, calendars and letters written out.

Decides nothing about a meeting: turns files into rows of words, and finished words and dates into
bytes; what must not be told has been left out before. Files from outside are opened by a process
of their own (`reader_child`), never here.
"""
