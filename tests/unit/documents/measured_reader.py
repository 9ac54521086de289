"""Runs the reader as its parent does, and says on standard error how much memory it took.

A script for `test_rosters`: only the process itself knows its own peak.
"""

import runpy
import sys

status = open("/proc/self/status", encoding="ascii")  # noqa: SIM115 - read again when no file can be opened


def peak_kilobytes() -> int:
    status.seek(0)
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


reader = runpy.run_path(sys.argv[1], run_name="reader")
before = peak_kilobytes()
try:
    reader["main"]()
finally:
    print(peak_kilobytes() - before, file=sys.stderr)
