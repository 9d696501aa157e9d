"""The command line: parse arguments, call, write."""
