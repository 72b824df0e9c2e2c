import os
import select
import tempfile
import unittest
from pathlib import Path

from harness.process import PinnedProcess, StartFailure, free_ports

CORE = min(os.sched_getaffinity(0))


class Pinned(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def start(self, *command):
        return PinnedProcess("it", command, CORE, self.directory)

    def test_takes_its_children_along_when_it_is_stopped(self):
        left = self.directory / "pid"
        (port,) = free_ports(1)
        script = (
            "import os, pathlib, signal, socket, sys, time\n"
            "child = os.fork()\n"
            "if child == 0:\n"
            "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "    time.sleep(60)\n"
            "pathlib.Path(sys.argv[1]).write_text(str(child))\n"
            "held = socket.create_server(('127.0.0.1', int(sys.argv[2])))\n"
            "time.sleep(60)\n"
        )
        with self.start("python3", "-c", script, left, port) as process:
            process.await_port(port)
            child = os.pidfd_open(int(left.read_text()))
            self.addCleanup(os.close, child)
            self.assertFalse(self.has_ended(child, within_seconds=0))
        self.assertTrue(self.has_ended(child, within_seconds=5))

    def test_says_why_it_ended_before_it_listened(self):
        (port,) = free_ports(1)
        with self.start("sh", "-c", "echo 'no such directive'; exit 3") as process:
            with self.assertRaisesRegex(StartFailure, "status 3\nno such directive"):
                process.await_port(port)

    @staticmethod
    def has_ended(pidfd, within_seconds):
        # pidfd_open(2): readable once the process has terminated.
        return select.select([pidfd], [], [], within_seconds)[0] != []


class FreePorts(unittest.TestCase):
    def test_differ_from_one_another(self):
        self.assertEqual(len(set(free_ports(50))), 50)
