"""The shell: all I/O, all concurrency and all wiring."""
