package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lb4j.stats.ClusterStatistics;
import io.lb4j.stats.EndpointStatistics;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.net.ReservedPort;
import io.lb4j.testkit.server.RealServer;
import io.lb4j.testkit.time.Aside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard in a browser, under load, by mouse and by keyboard, wide and narrow, light and dark. Pictures of it stay in target/screenshots; with the system property
 * {@code lb4j.docs.write} set to true that of the README is taken anew.
 */
final class DashboardTest {
    private static final Path PICTURES = Path.of("target/screenshots");
    private static final Path README_PICTURE = Path.of("../docs/dashboard.png");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int README_POINTS = 40;
    private static final List<String> PATHS =
            List.of("/api/cart", "/api/items", "/api/items", "/", "/api/slow", "/api/broken");

    @TempDir
    Path folder;

    private ScriptedUpstream upstream;
    private ScriptedUpstream slower;
    private Server server;
    private Browser browser;
    private List<CompletableFuture<Void>> load;
    private volatile boolean isOver;

    @BeforeAll
    static void requireChromium() throws IOException {
        RealServer.require("chromium");
        Files.createDirectories(PICTURES);
    }

    @BeforeEach
    void openThePageUnderLoad() throws IOException, InterruptedException {
        upstream = ScriptedUpstream.start(script -> {
            script.on("/api/slow").delay(Duration.ofMillis(60)).answer(200, "ok");
            script.on("/api/broken").answer(503);
            script.onAny().delay(Duration.ofMillis(4)).answer(200, "ok");
        });
        slower = ScriptedUpstream.start(
                script -> script.onAny().delay(Duration.ofMillis(20)).answer(200, "ok"));
        write("api");
        server = Server.start(ConfigurationFile.at(folder.resolve("lb4j.yaml")));
        load = List.of(load(0), load(1), load(2));
        browser = Browser.open(folder).size(1280, 900).scheme("light").go(page());
        browser.until("document.querySelectorAll('#endpoints button').length === 3");
    }

    private void write(String route) throws IOException {
        write(route, "");
    }

    private void write(String route, String plugins) throws IOException {
        Files.writeString(folder.resolve("next"), """
                admin: {port: 0}
                listeners:
                  main: {port: 0}
                  secure: {port: 0, tls: {self_signed: [localhost]}}
                clusters:
                  api: {endpoints: ["127.0.0.1:%1$d", "127.0.0.1:%3$d"]}
                  web: {endpoints: ["127.0.0.1:%1$d"]}
                routes:
                  - {name: %2$s, path: /api/**, cluster: api}
                  - {name: web, path: /**, cluster: web}
                plugins: {ids: request_id%4$s}
                """.formatted(upstream.port(), route, slower.port(), plugins));
        Files.move(folder.resolve("next"), folder.resolve("lb4j.yaml"), StandardCopyOption.REPLACE_EXISTING);
    }

    private CompletableFuture<Void> load(int first) {
        int port = server.balancer().address("main").getPort();
        return CompletableFuture.runAsync(
                () -> {
                    try (RawClient client = RawClient.connect(port)) {
                        for (int i = first; !isOver; i++) {
                            client.send("GET " + PATHS.get(i % PATHS.size()) + " HTTP/1.1\r\nhost: a\r\n\r\n")
                                    .readResponse();
                        }
                    }
                },
                Aside.THREAD);
    }

    private String page() {
        return "http://localhost:" + server.admin().orElseThrow().port() + "/";
    }

    @AfterEach
    void close() {
        isOver = true;
        load.forEach(CompletableFuture::join);
        browser.close();
        server.close();
        upstream.close();
        slower.close();
    }

    private EndpointStatistics endpoint() {
        ClusterStatistics web =
                Objects.requireNonNull(server.balancer().stats().clusters().get("web"));
        return Objects.requireNonNull(web.endpoints().get("127.0.0.1:" + upstream.port()));
    }

    private String control(String verb) {
        return "[aria-label=\"" + verb + " 127.0.0.1:" + upstream.port() + " of web\"]";
    }

    /** Nothing that is asked has happened before the answer. */
    private void untilAsked(String text) {
        browser.until("document.getElementById('ask').open");
        assertThat(browser.evaluate("document.getElementById('ask-text').textContent")
                        .asText())
                .isEqualTo(text);
    }

    private void untilClosed() {
        browser.until("!document.getElementById('ask').open");
    }

    @Test
    void itsChartsAndTablesMoveWithTheTraffic() {
        browser.until("series.requests[1].length >= 3");

        assertThat(browser.evaluate("series.requests[1].every((n) => n > 0)").asBoolean())
                .isTrue();
        assertThat(browser.evaluate("series.errors[1].at(-1)").asDouble()).isPositive();
        assertThat(browser.evaluate("series.latency.slice(1).map((s) => s.at(-1)).every((ms) => ms > 1 && ms < 10_000)")
                        .asBoolean())
                .isTrue();
        assertThat(browser.evaluate(
                                "[...document.querySelectorAll('.chart canvas')].every((canvas) =>"
                                        + " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((n) => n))")
                        .asBoolean())
                .isTrue();
        String requests =
                "Number(document.querySelector('#listeners tr:nth-child(2) td:nth-child(2)').textContent.replaceAll(',', ''))";
        long before = browser.evaluate(requests).asLong();
        browser.until(requests + " > " + before);
        assertThat(browser.evaluate("document.body.innerText").asText())
                .contains("main", "secure", "web", "127.0.0.1:" + upstream.port(), "plugins.ids", "in force")
                .containsPattern("Latency in milliseconds, of the last half minute");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void anEndpointIsDrainedWhenThatIsConfirmedAndNotBefore() {
        browser.click(control("Drain"));
        untilAsked("Send 127.0.0.1:" + upstream.port() + " of web no new requests?");
        browser.click("#ask-no");
        untilClosed();
        assertThat(endpoint().isDraining()).isFalse();

        browser.click(control("Drain"));
        untilAsked("Send 127.0.0.1:" + upstream.port() + " of web no new requests?");
        assertThat(endpoint().isDraining()).isFalse();
        browser.click("#ask-yes");

        await().atMost(PATIENCE).until(() -> endpoint().isDraining());
        browser.until("document.querySelector('#endpoints').innerText.includes('draining')");
        browser.click(control("Restore"));
        untilAsked("Send 127.0.0.1:" + upstream.port() + " of web requests again?");
        browser.click("#ask-yes");
        await().atMost(PATIENCE).until(() -> !endpoint().isDraining());
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aKeyboardIsEnough() {
        String focused = "document.activeElement.getAttribute('aria-label')";
        String wanted = "Drain 127.0.0.1:" + upstream.port() + " of web";
        int tabs = 0;
        while (!browser.evaluate(focused).asText().equals(wanted)) {
            browser.press("Tab");
            assertThat(++tabs).isLessThan(50);
        }
        assertThat(browser.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                        .asText())
                .isEqualTo("solid");
        browser.press("Enter");
        browser.until("document.getElementById('ask').open");
        assertThat(browser.evaluate("document.getElementById('ask').contains(document.activeElement)")
                        .asBoolean())
                .isTrue();
        browser.press("Escape");
        untilClosed();
        assertThat(endpoint().isDraining()).isFalse();
        // It stays where it was, whatever has come since.
        assertThat(browser.evaluate(focused).asText()).isEqualTo(wanted);

        browser.press("Enter");
        browser.until("document.getElementById('ask').open");
        browser.press("Tab");
        assertThat(browser.evaluate("document.activeElement.id").asText()).isEqualTo("ask-yes");
        browser.press("Enter");
        await().atMost(PATIENCE).until(() -> endpoint().isDraining());
    }

    @Test
    void aReloadAsksFirstAndFaultsAreShown() throws IOException {
        browser.click("#reload");
        untilAsked("Read the configuration files again and put them in force?");
        write("orders");
        browser.click("#ask-yes");
        browser.until("document.querySelector('#routes').innerText.includes('orders')");
        browser.until("document.querySelectorAll('#versions tr').length === 3");

        Files.writeString(folder.resolve("lb4j.yaml"), "listeners: {main: {prt: <b>0</b>}}");
        browser.until("!document.getElementById('trouble').hidden");

        assertThat(browser.evaluate("document.getElementById('troubles').innerText")
                        .asText())
                .contains("listeners.main.prt: unknown key", "did you mean \"port\"?");
        assertThat(browser.evaluate("document.getElementById('status').innerText")
                        .asText())
                .isEqualTo("needs a look");
        assertThat(browser.evaluate("document.querySelectorAll('#troubles b').length")
                        .asInt())
                .isZero();
    }

    @Test
    void whoeverSignsInByTheEnterKeyIsLetInAndWhoeverDoesNotIsAskedOnce() throws IOException {
        String token = "0123456789abcdef";
        Path file = folder.resolve("lb4j.yaml");
        Files.writeString(
                folder.resolve("next"),
                Files.readString(file).replace("admin: {port: 0}", "admin: {port: 0, token: " + token + "}"));
        Files.move(folder.resolve("next"), file, StandardCopyOption.REPLACE_EXISTING);
        untilAsked("The administration asks for its token.");
        browser.press("Escape");
        untilClosed();
        browser.until("!document.getElementById('sign-in').hidden");

        browser.click("#sign-in");
        untilAsked("The administration asks for its token.");
        browser.evaluate("document.getElementById('ask-token').value = " + Browser.quoted(token));
        browser.press("Enter");

        browser.until("document.getElementById('status').innerText !== 'needs a token'");
        assertThat(browser.evaluate("document.getElementById('ask').open").asBoolean())
                .isFalse();
        assertThat(browser.evaluate("document.getElementById('sign-in').hidden").asBoolean())
                .isTrue();
    }

    @Test
    void itFitsAPhoneAndTheColoursThatAreWanted() throws IOException {
        browser.until("series.requests[1].length >= 2");
        String background = "getComputedStyle(document.body).backgroundColor";
        for (int width : new int[] {1280, 390}) {
            browser.size(width, width == 390 ? 1800 : 900);
            browser.until("innerWidth === " + width);
            browser.until("[...document.querySelectorAll('.chart')].every((c) => c.scrollWidth <= c.clientWidth + 1)");
            assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                    .as("nothing is beyond the edge")
                    .isLessThanOrEqualTo(width);
            browser.scheme("light");
            assertThat(browser.evaluate(background).asText()).isEqualTo("rgb(255, 255, 255)");
            keep("", width, "light");
            browser.scheme("dark");
            assertThat(browser.evaluate(background).asText()).isEqualTo("rgb(13, 17, 23)");
            keep("", width, "dark");
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aLongNameLeavesRoomForFiguresOnAPhone() throws IOException {
        String name = "a-route-whose-name-is-longer-than-a-phone-is-wide-and-has-no-place-to-break-it";
        write(name);
        browser.size(390, 1800);
        String row = "[...document.querySelectorAll('#routes tr')].find((r) => r.innerText.includes('" + name + "'))";
        browser.until(row + " !== undefined");

        assertThat(browser.evaluate(row + ".cells[1].getBoundingClientRect().right")
                        .asInt())
                .isLessThan(390);
    }

    @Test
    void whatAPluginMissesCanBeReadAndStaysAmongTheRecentFaults() throws IOException {
        try (ReservedPort nobody = ReservedPort.any()) {
            String tokens = "plugins.tokens is degraded: keys: there are no keys: http://127.0.0.1:" + nobody.port();
            write(
                    "api",
                    ", tokens: {use: {type: jwt, jwks: \"http://127.0.0.1:" + nobody.port()
                            + "/jwks\"}, paths: [/never]}");
            browser.until("document.querySelector('#plugins').innerText.includes('there are no keys')");
            browser.until("document.querySelector('#faults').innerText.includes(" + Browser.quoted(tokens) + ")");
            assertThat(browser.evaluate(
                                    "[...document.querySelectorAll('#plugins tr')].slice(1).map((r) => r.cells[1].innerText)")
                            .toString())
                    .isEqualTo("[\"in\",\"degraded\"]");

            for (int width : new int[] {1280, 390}) {
                browser.size(width, width == 390 ? 2600 : 1800);
                browser.until("innerWidth === " + width);
                assertThat(browser.evaluate("document.documentElement.scrollWidth")
                                .asInt())
                        .as("nothing is beyond the edge")
                        .isLessThanOrEqualTo(width);
                browser.scheme("light");
                keep("degraded-", width, "light");
                browser.scheme("dark");
                keep("degraded-", width, "dark");
            }
            write("api");
            browser.until("!document.querySelector('#plugins').innerText.includes('plugins.tokens')");
            assertThat(browser.evaluate("document.querySelector('#faults').innerText")
                            .asText())
                    .contains(tokens);
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private void keep(String what, int width, String scheme) throws IOException {
        Path picture = PICTURES.resolve("dashboard-" + what + (width == 390 ? "narrow-" : "wide-") + scheme + ".png");
        Files.write(picture, browser.picture());
        assertThat(picture).isNotEmptyFile();
    }

    @Test
    void thePictureInTheReadmeIsOfThisPage() throws IOException {
        if (Boolean.getBoolean("lb4j.docs.write")) {
            browser.size(1200, 800);
            await().atMost(PATIENCE.multipliedBy(4))
                    .until(() -> browser.evaluate("series.requests[1].length").asInt() >= README_POINTS);
            Files.write(README_PICTURE, browser.picture());
        }

        assertThat(README_PICTURE).isNotEmptyFile();
        assertThat(Files.size(README_PICTURE)).isLessThanOrEqualTo(150 << 10);
        assertThat(Files.readString(Path.of("../README.md"))).contains("](docs/dashboard.png)");
    }
}
