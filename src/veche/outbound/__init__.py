"""The only way out of the house: whatever asks another machine for something lives here."""
