import tempfile
import unittest
from pathlib import Path

from harness import debian


class ServicesHeldBack(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.policy = Path(directory.name) / "policy-rc.d"

    def test_forbid_every_start_and_leave_no_trace(self):
        with debian.services_held_back(self.policy):
            self.assertEqual(self.policy.read_text(), "#!/bin/sh\nexit 101\n")
            self.assertEqual(self.policy.stat().st_mode & 0o777, 0o755)
        self.assertEqual(list(self.policy.parent.iterdir()), [])

    def test_put_the_policy_back_that_was_there_even_after_a_failure(self):
        self.policy.write_text("before")
        with self.assertRaises(OSError), debian.services_held_back(self.policy):
            raise OSError("apt-get failed")
        self.assertEqual(self.policy.read_text(), "before")
        self.assertEqual(len(list(self.policy.parent.iterdir())), 1)

    def test_put_the_policy_back_that_a_killed_run_left_aside(self):
        self.policy.write_text(debian.FORBID_ALL)
        self.policy.with_name("policy-rc.d.before-comparison").write_text("before")
        with debian.services_held_back(self.policy):
            pass
        self.assertEqual(self.policy.read_text(), "before")


class Bring(unittest.TestCase):
    def test_names_the_command_when_it_may_not_install(self):
        with self.assertRaisesRegex(debian.MissingProgram, "no-such-program: not found; as root: apt-get install it"):
            debian.PACKAGE_OF_PROGRAM["no-such-program"] = "it"
            self.addCleanup(debian.PACKAGE_OF_PROGRAM.pop, "no-such-program")
            debian.bring(["no-such-program", "sh"], may_install=False)
