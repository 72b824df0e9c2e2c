import tempfile
import unittest
from pathlib import Path
from unittest import mock

from harness.certificate import Certificate
from harness.proxy import NO_TICKETS, NotBuilt, Ours, Place


class OursByCommand(unittest.TestCase):
    def setUp(self):
        files = (Path(name) for name in ("chain.pem", "key.pem", "both.pem", "client.cnf"))
        self.place = Place(Path("."), 1001, 1002, "127.0.0.1:1003", Certificate(*files))

    def test_fills_every_word_it_knows(self):
        ours = Ours("{java} {java_opts} Main '{port} {tls_port}' {origin} {certificate} {key}", None)
        with mock.patch.dict("os.environ", {"OURS_JAVA_OPTS": "-Xmx1g -Da=b", "JAVA_HOME": "/jdk"}):
            command = ours.command(self.place)
        flags = ["/jdk/bin/java", "-Xmx1g", "-Da=b", NO_TICKETS]
        self.assertEqual(command, [*flags, "Main", "1001 1002", "127.0.0.1:1003", "chain.pem", "key.pem"])

    def test_records_a_profile_when_asked_to(self):
        command = Ours("{java_opts}", Path("/results/it.jfr")).command(self.place)
        self.assertTrue(command[-1].startswith("-XX:StartFlightRecording="))
        self.assertTrue(command[-1].endswith("filename=/results/it.jfr"))

    def test_is_not_built_without_its_main_class(self):
        with tempfile.TemporaryDirectory() as empty, mock.patch.object(Ours, "source", Path(empty, "Absent.java")):
            with self.assertRaisesRegex(NotBuilt, "BalancerUnderTest"):
                Ours(None, None).build()
