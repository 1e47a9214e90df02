"""The commands of the command line, one file each, and what they share (terminal, folder, making ...).

A command's file has `Options` and `command(options: Options) -> int`; cli.py has its name and line. They compose
what the floors below offer; they hold no rule of the field.
"""
