package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.server.RealServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a browser, wide and narrow, light and dark; pictures of it stay in target/screenshots. */
final class DashboardTest {
    private static final Path PICTURES = Path.of("target/screenshots");

    @TempDir
    Path folder;

    @BeforeAll
    static void requireChromium() throws IOException {
        RealServer.require("chromium");
        Files.createDirectories(PICTURES);
    }

    @Test
    void showsWhatThereIsAndBreaksNoPolicy() throws Exception {
        try (ScriptedUpstream upstream =
                ScriptedUpstream.start(script -> script.onAny().answer(200, "ok"))) {
            Path file = Files.writeString(folder.resolve("lb4j.yaml"), """
                    admin: {port: 0}
                    listeners: {main: {port: 0}}
                    clusters: {api: {endpoints: ["127.0.0.1:%d"]}}
                    routes: [{name: everything, path: /**, cluster: api}]
                    plugins: {ids: request_id}
                    """.formatted(upstream.port()));
            try (Server server = Server.start(ConfigurationFile.at(file))) {
                for (int i = 0; i < 20; i++) {
                    try (RawClient client = RawClient.connect(server.balancer().port())) {
                        client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n").readResponse();
                    }
                }
                String page = "http://localhost:" + server.admin().orElseThrow().port() + "/";

                String shown = browse("--dump-dom", page);

                assertThat(shown)
                        .contains(
                                ">main<", ">everything<", "127.0.0.1:" + upstream.port(), ">plugins.ids<", ">in force<")
                        .containsPattern("id=\"status\"[^>]*class=\"up\"[^>]*>up<")
                        .contains("class=\"u-wrap\"", "Drain 127.0.0.1:" + upstream.port() + " of api")
                        .doesNotContain("Refused to", "Content Security Policy");
                picture("wide-light", "1280,1500", 1, page);
                picture("wide-dark", "1280,1500", 0, page);
                picture("narrow-light", "390,1800", 1, page);
                picture("narrow-dark", "390,1800", 0, page);
            }
        }
    }

    private void picture(String name, String size, int scheme, String page) throws Exception {
        Path picture = PICTURES.toAbsolutePath().resolve("dashboard-" + name + ".png");
        browse(
                "--screenshot=" + picture,
                "--window-size=" + size,
                "--blink-settings=preferredColorScheme=" + scheme,
                page);
        assertThat(picture).isNotEmptyFile();
    }

    /** Returns what the browser has written, complaints of the page among it. */
    private String browse(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "chromium",
                "--headless",
                "--no-sandbox", // or it refuses to run as root, which it does in containers
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--enable-logging=stderr",
                "--virtual-time-budget=8000",
                "--user-data-dir=" + folder.resolve("profile")));
        command.addAll(List.of(arguments));
        Path log = folder.resolve("chromium.log");
        Process chromium = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(chromium.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return Files.readString(log);
        } finally {
            chromium.descendants().forEach(ProcessHandle::destroyForcibly);
            chromium.destroyForcibly().waitFor();
        }
    }
}
