"""A shell in a pseudo-terminal of a size: what it prints goes to stdout, what is typed comes from stdin."""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def main() -> None:
    """Run ``shell.py COLUMNS ROWS COMMAND …`` until it ends, or nobody listens any more."""
    columns, rows = (int(number) for number in sys.argv[1:3])
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606  # the recording's own shell
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    between = {terminal: sys.stdout.fileno(), sys.stdin.fileno(): terminal}
    while True:
        for source in select.select(list(between), [], [])[0]:
            try:
                found = os.read(source, 65536)
            except OSError:  # the shell has ended
                return
            if not found:
                return
            os.write(between[source], found)


if __name__ == "__main__":
    main()
