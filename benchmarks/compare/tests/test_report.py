import json
import unittest
from pathlib import Path

from harness import options, report
from harness.machine import Machine
from harness.measurement import Failure, Sample

MACHINE = Machine("a processor", 2, False, "a system", "6.1", "a JVM")


def sample(proxy, cpu, number=1, others=0.0):
    return Sample("h1", proxy, number, 1000, cpu, 5000.0, 1.0, 2.0, 0.9, others, 0.0)


def run(samples, failures=()):
    given = options.parse(["--load-core", str(CORES[0]), "--proxy-core", str(CORES[-1])])
    return report.Run("2026-01-02 03:04 UTC", MACHINE, given, {"nginx": "1.2"}, tuple(samples), tuple(failures))


CORES = sorted(options.os.sched_getaffinity(0))


class Rows(unittest.TestCase):
    def test_hold_medians_and_the_spread(self):
        (row,) = report.rows([sample("nginx", cpu, number) for number, cpu in enumerate((12.0, 10.0, 99.0))])
        self.assertEqual((row.cpu_micros, row.lowest_cpu_micros, row.highest_cpu_micros), (12.0, 10.0, 99.0))

    def test_hold_the_noise_of_the_worst_round(self):
        (row,) = report.rows([sample("nginx", 10.0, 1, others=0.01), sample("nginx", 10.0, 2, others=0.30)])
        self.assertEqual(row.noise_share, 0.30)


@unittest.skipIf(len(CORES) < 2, "needs two cores")
class Markdown(unittest.TestCase):
    def test_takes_the_best_peer_from_neither_ours_nor_the_floor(self):
        cpu_of = {"floor": 5.0, "ours": 8.0, "haproxy": 10.0, "nginx": 16.0}
        text = report.markdown(run(sample(proxy, cpu) for proxy, cpu in cpu_of.items()))
        self.assertIn("| floor | 5.00 | 5.00 – 5.00 | 0.31 | 0.50 |", text)
        self.assertIn("| ours | 8.00 | 8.00 – 8.00 | 0.50 | 0.80 |", text)
        self.assertIn("| haproxy | 10.00 | 10.00 – 10.00 | 0.62 | 1.00 |", text)

    def test_leaves_a_ratio_empty_that_has_no_base(self):
        self.assertIn("| ours | 8.00 | 8.00 – 8.00 |  |  |", report.markdown(run([sample("ours", 8.0)])))

    def test_names_what_is_noisy_and_what_has_no_figure(self):
        text = report.markdown(run([sample("nginx", 10.0, others=0.06)], [Failure("h1", "vertx", "it broke")]))
        self.assertIn("Noisy (over 5% of the proxy's core went to others or was stolen): h1/nginx.", text)
        self.assertIn("- h1, vertx: it broke", text)

    def test_is_silent_about_noise_within_the_bound(self):
        self.assertNotIn("Noisy", report.markdown(run([sample("nginx", 10.0, others=0.05)])))


@unittest.skipIf(len(CORES) < 2, "needs two cores")
class Json(unittest.TestCase):
    def test_holds_every_sample_and_the_rows(self):
        data = json.loads(report.as_json(run([sample("nginx", 10.0, 1), sample("nginx", 12.0, 2)])))
        self.assertEqual([one["cpu_micros_per_request"] for one in data["samples"]], [10.0, 12.0])
        self.assertEqual(data["rows"][0]["cpu_micros"], 11.0)
        self.assertEqual(Path(data["options"]["results"]), options.COMPARE / "results")
