package io.lb4j.http3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.RealServer;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.TestCertificate;
import io.lb4j.testkit.tls.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A browser as the client. */
final class ChromiumTest {
    private static final String NAME = "page.test";

    /** Says by which protocol page and script came, once both are there. */
    private static final String PAGE =
            "<!doctype html><title>page</title><script src='/script.js'></script><body>waiting</body>";

    private static final String SCRIPT = "addEventListener('load', () => document.body.textContent ="
            + " ['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type))"
            + ".map(entry => entry.name.replace(/.*[/]/, '/') + ' by ' + entry.nextHopProtocol).join(', '))";

    @TempDir
    private Path files;

    @BeforeAll
    static void requireChromium() {
        RealServer.require("chromium");
    }

    @Test
    void aPageAndItsScriptAreLoadedOverHttp3() throws Exception {
        TestCertificate certificate = TestCertificates.create().server(NAME);
        TestCertificate.PemFiles pem = certificate.writePem(files, "server");
        try (ScriptedUpstream upstream = ScriptedUpstream.start(script -> {
                    script.on("/")
                            .answer(Answer.status(200)
                                    .header("content-type", "text/html")
                                    .body(PAGE));
                    script.on("/script.js")
                            .answer(Answer.status(200)
                                    .header("content-type", "text/javascript")
                                    .body(SCRIPT));
                    script.onAny().answer(404, "");
                });
                Edge edge = Edge.before(upstream, Http3.of(http3 -> http3.certificate(pem.chain(), pem.key())))) {
            String page = load(edge.port(), certificate);

            assertThat(page).as(() -> "chromium says: " + log()).contains("<body>/ by h3, /script.js by h3</body>");
            assertThat(edge.figure(Figure.STREAMS)).isGreaterThanOrEqualTo(2);
        }
    }

    /** Has Chromium load the page and returns what has become of it. Nothing but the loopback interface is asked for anything. */
    private String load(int port, TestCertificate certificate) throws Exception {
        byte[] key = certificate.leaf().getPublicKey().getEncoded();
        String pin = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
        Process chromium = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox", // or it refuses to run as root, which it does in containers
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--host-resolver-rules=MAP " + NAME + " 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                        "--user-data-dir=" + files.resolve("profile"),
                        "--origin-to-force-quic-on=" + NAME + ":" + port,
                        "--ignore-certificate-errors-spki-list=" + pin,
                        "--dump-dom",
                        "https://" + NAME + ":" + port + "/")
                .redirectError(files.resolve("chromium.log").toFile())
                .start();
        try {
            CompletableFuture<String> page = CompletableFuture.supplyAsync(() -> read(chromium), Aside.THREAD);
            return page.get(120, TimeUnit.SECONDS);
        } finally {
            chromium.descendants().forEach(ProcessHandle::destroyForcibly);
            chromium.destroyForcibly().waitFor();
        }
    }

    private String log() {
        try {
            return Files.readString(files.resolve("chromium.log"));
        } catch (IOException e) {
            return "nothing: " + e;
        }
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException e) {
            return "nothing: " + e;
        }
    }
}
