"""Which line of a chat answers which: lines in, calibrated links out. Knows no files, no speech and no domain."""
