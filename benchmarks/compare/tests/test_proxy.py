import tempfile
import unittest
from pathlib import Path
from unittest import mock

from harness.certificate import Certificate
from harness.proxy import NO_TICKETS, HaProxy, Nginx, NotBuilt, Ours, Place
from harness.suite import Root


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


class PackagedPeers(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        libraries = self.directory / "usr/lib/x86_64-linux-gnu"
        libraries.mkdir(parents=True)
        (libraries / "ld-linux-x86-64.so.2").touch()
        (self.directory / "usr/sbin").mkdir()
        for program in ("nginx", "haproxy"):
            (self.directory / "usr/sbin" / program).touch()
        self.root = Root(self.directory)

    def place(self, http3):
        files = (Path(name) for name in ("chain.pem", "key.pem", "both.pem", "client.cnf"))
        return Place(self.directory, 1001, 1002, "127.0.0.1:1003", Certificate(*files), http3)

    def test_speak_http3_by_the_programs_of_the_other_release(self):
        for peer, said in ((Nginx(self.root), "listen 127.0.0.1:1002 quic;"), (HaProxy(self.root), "quic4@127.0.0.1:1002")):
            command = peer.command(self.place(http3=True))
            self.assertEqual(command[0], str(self.directory / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"))
            self.assertEqual(command[3], str(self.directory / "usr/sbin" / peer.name))
            self.assertIn(said, Path(command[-1]).read_text())

    def test_are_the_system_s_own_for_all_else(self):
        for peer in (Nginx(self.root), HaProxy(self.root)):
            command = peer.command(self.place(http3=False))
            self.assertEqual(command[0], peer.name)
            self.assertNotIn("quic", Path(command[-1]).read_text())
