"""Runs beside the portal: has all readers loaded, forks a process for each job, and ends with the
portal. It reads no file itself."""

import contextlib
import encodings
import gc
import os
import pkgutil
import select
import signal
import socket
import sys

from models.adapters.sandbox import job, readers
from models.core import optional

# A job can open no file, so what its readers would load late is loaded here.
LOADED = """html.parser mt940 openpyxl.styles.numbers email.mime.message
    models.adapters.tables""".split()
CHANNEL = 3  # the only file that a job has open, beside the empty device


def load():
    """Load the readers and every encoding."""
    for name in [*LOADED, *(f"{readers.__name__}.{x.name}" for x in _in(readers))]:
        optional.load(name)
    for codec in _in(encodings):
        with contextlib.suppress(ImportError):  # those of another system
            optional.load(f"encodings.{codec.name}")
    optional.load("PIL.Image").init()  # its formats
    gc.collect()
    gc.freeze()  # else each job would copy it when it looks for garbage


def _in(package):
    return pkgutil.iter_modules(package.__path__)


class Server:
    """Waits for jobs on `control`. A job comes as its channel and a pipe: the server writes into
    the pipe by which signal the job ended (0 for none); whoever closes the pipe has it killed."""

    def __init__(self, control):
        self.control, self.jobs = control, {}  # {pipe: pid}
        self.poll = select.poll()
        self.woken, self.waker = socket.socketpair()
        self.woken.setblocking(False)
        self.waker.setblocking(False)
        signal.set_wakeup_fd(self.waker.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.poll.register(control, select.POLLIN)
        self.poll.register(self.woken, select.POLLIN)

    def serve(self):
        """Until the portal has ended."""
        while True:
            ready = {file for file, _event in self.poll.poll()}
            # In this order: a pipe that is closed gives its number to the next one.
            self._kill(*ready & self.jobs.keys())
            if self.woken.fileno() in ready:
                with contextlib.suppress(BlockingIOError):
                    self.woken.recv(4096)
                self._bury()
            if self.control.fileno() in ready and not self._begin():
                return self._kill(*self.jobs)

    def _begin(self):
        message, files, _flags, _sender = socket.recv_fds(self.control, 1, 2)
        if not message:
            return False
        channel, pipe = files
        pid = os.fork()
        if not pid:
            _become_job(channel)
        os.close(channel)
        self.jobs[pipe] = pid
        self.poll.register(pipe, 0)
        return True

    def _kill(self, *pipes):
        for pipe in pipes:
            with contextlib.suppress(KeyError):  # killed already
                self.poll.unregister(pipe)
            os.kill(self.jobs[pipe], signal.SIGKILL)  # not yet waited for: its number is its own

    def _bury(self):
        """Tell how each job ended that has."""
        for pipe, pid in list(self.jobs.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                with contextlib.suppress(BrokenPipeError):
                    os.write(pipe, bytes([os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0]))
                with contextlib.suppress(KeyError):
                    self.poll.unregister(pipe)
                os.close(pipe)
                del self.jobs[pipe]


def _become_job(channel):
    """Never returns."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        os.dup2(channel, CHANNEL)
        os.closerange(CHANNEL + 1, os.sysconf("SC_OPEN_MAX"))
        job.run(socket.socket(fileno=CHANNEL))
    finally:
        os._exit(0)


if __name__ == "__main__":
    load()
    Server(socket.socket(fileno=int(sys.argv[1]))).serve()
