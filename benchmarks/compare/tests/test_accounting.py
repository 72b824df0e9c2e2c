import subprocess
import sys
import unittest

from harness import accounting

BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
# The parent sleeps all the while: what is counted beyond its start is the child's.
PARENT_OF_BURNING_CHILD = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {BURN + "print(); time.sleep(60)"!r}], stdout=subprocess.PIPE)
child.stdout.readline()
print(flush=True)
sys.stdin.read()
child.kill()
child.wait()
"""


class ProcessStat(unittest.TestCase):
    def test_is_read_past_a_command_with_blanks_and_parentheses(self):
        text = "42 (nginx: (worker) 1) S 41 42 42 0 -1 4194304 9 0 0 0 30 12 7 7 20 0 1 0\n"
        self.assertEqual(accounting.parse_process_stat(text), accounting.ProcessStat(parent=41, ticks=42))


class CoreTime(unittest.TestCase):
    def test_leaves_idle_waiting_and_stolen_time_out_of_busy(self):
        text = "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\ncpu1 100 10 200 5000 300 20 30 40 0 0\n"
        ticks = accounting.TICKS_PER_SECOND
        self.assertEqual(accounting.parse_core_time(text, 1), accounting.CoreTime(busy=360 / ticks, stolen=40 / ticks))

    def test_of_an_unknown_core_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "core: 7"):
            accounting.parse_core_time("cpu0 1 1 1 1 1 1 1 1 0 0\n", 7)


class CpuSeconds(unittest.TestCase):
    def test_count_the_children_of_a_process(self):
        command = [sys.executable, "-c", PARENT_OF_BURNING_CHILD]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
            parent.stdout.readline()
            self.assertGreaterEqual(accounting.cpu_seconds(parent.pid), 0.3)
            parent.stdin.close()

    def test_of_a_process_that_is_gone_are_an_error(self):
        with subprocess.Popen(["true"]) as ended:
            ended.wait()
        with self.assertRaises(ProcessLookupError):
            accounting.cpu_seconds(ended.pid)
