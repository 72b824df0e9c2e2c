import contextlib
import io
import os
import unittest

from harness import configuration, options

CORES = sorted(os.sched_getaffinity(0))


def refusal(*arguments):
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.suppress(SystemExit):
        options.parse(arguments)
    return said.getvalue()


class Refusals(unittest.TestCase):
    def test_of_one_core_for_both(self):
        core = str(CORES[0])
        self.assertIn("cores:", refusal("--proxy-core", core, "--load-core", core))

    def test_of_a_core_that_is_not_there(self):
        self.assertIn("core: 4711 (expected: one of", refusal("--proxy-core", "4711"))

    def test_of_an_unknown_scenario(self):
        self.assertIn("h4 (expected: of h1,", refusal("--only", "h1,h4"))

    def test_of_no_rounds(self):
        self.assertIn("0 (expected: >= 1)", refusal("--rounds", "0"))


@unittest.skipIf(len(CORES) < 2, "needs two cores")
class Names(unittest.TestCase):
    def test_are_taken_in_the_order_of_the_harness(self):
        self.assertEqual(options.parse(["--only", "h2-tls,h1"]).scenarios, ("h1", "h2-tls"))


class Template(unittest.TestCase):
    def test_gets_its_values(self):
        self.assertEqual(configuration.fill("listen @port@; $host", {"port": 80}), "listen 80; $host")

    def test_without_a_value_is_an_error(self):
        with self.assertRaises(KeyError):
            configuration.fill("@port@", {})
