"""What people get as a file: calendars here, later letters and minutes.

Takes finished words and dates, gives bytes. Decides nothing and reads nothing; what must not be
told has been left out before.
"""
