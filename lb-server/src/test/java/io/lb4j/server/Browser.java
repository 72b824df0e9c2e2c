package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Chromium without a window and with one page, led by its DevTools protocol: it clicks and types as people do. */
final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, Integer> KEYS = Map.of("Tab", 9, "Enter", 13, "Escape", 27);

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final WebSocket line;

    private Browser(Path folder) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox", // or it refuses to run as root, which it does in containers
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("chromium.log").toFile())
                .start();
        line = http.newWebSocketBuilder().buildAsync(page(folder), new Ear()).join();
        for (String domain : List.of("Page", "Runtime", "Log")) {
            ask(domain + ".enable", Map.of());
        }
    }

    /** Starts it; its profile and its log are kept in a folder. */
    static Browser open(Path folder) throws IOException, InterruptedException {
        return new Browser(folder);
    }

    /** Returns where the page is led from: the browser writes its port into its profile. */
    private URI page(Path folder) throws IOException, InterruptedException {
        Path port = folder.resolve("profile/DevToolsActivePort");
        await().atMost(PATIENCE)
                .until(() -> Files.exists(port) && Files.readString(port).contains("\n"));
        URI list = URI.create(
                "http://127.0.0.1:" + Files.readString(port).lines().findFirst().orElseThrow() + "/json/list");
        for (JsonNode target :
                MAPPER.readTree(http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                        .body())) {
            if (target.path("type").asText().equals("page")) {
                return URI.create(target.path("webSocketDebuggerUrl").asText());
            }
        }
        throw new AssertionError("no page at " + list);
    }

    /** Hears answers and what the page complains of. */
    private final class Ear implements WebSocket.Listener {
        private final StringBuilder pieces = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
            pieces.append(piece);
            if (last) {
                hear(pieces.toString());
                pieces.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void hear(String text) {
            JsonNode message = parse(text);
            if (message.has("id")) {
                Optional.ofNullable(asked.remove(message.path("id").asInt()))
                        .orElseThrow()
                        .complete(message);
                return;
            }
            String method = message.path("method").asText();
            boolean isError = message.at("/params/entry/level").asText().equals("error");
            if (method.equals("Runtime.exceptionThrown") || (method.equals("Log.entryAdded") && isError)) {
                complaints.add(message.path("params").toString());
            }
        }
    }

    private static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    private JsonNode ask(String method, Map<String, Object> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(id, answer);
        try {
            String text =
                    MAPPER.writeValueAsString(Map.<String, Object>of("id", id, "method", method, "params", parameters));
            line.sendText(text, true).join();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
        JsonNode whole =
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        assertThat(whole.has("error")).as("%s: %s", method, whole).isFalse();
        return whole.path("result");
    }

    /** What the page was not allowed to do, or did wrong. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    Browser size(int width, int height) {
        ask(
                "Emulation.setDeviceMetricsOverride",
                Map.<String, Object>of(
                        "width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        return this;
    }

    /** Prefers {@code light} or {@code dark}. */
    Browser scheme(String scheme) {
        ask(
                "Emulation.setEmulatedMedia",
                Map.<String, Object>of(
                        "features", List.of(Map.<String, Object>of("name", "prefers-color-scheme", "value", scheme))));
        return this;
    }

    Browser go(String address) {
        ask("Page.navigate", Map.<String, Object>of("url", address));
        await().atMost(PATIENCE)
                .until(() -> evaluate("document.readyState === 'complete' && location.href !== 'about:blank'")
                        .asBoolean());
        return this;
    }

    /** Returns what an expression is on the page. */
    JsonNode evaluate(String expression) {
        JsonNode result = ask(
                "Runtime.evaluate",
                Map.<String, Object>of("expression", expression, "returnByValue", true, "awaitPromise", true));
        assertThat(result.has("exceptionDetails"))
                .as("%s: %s", expression, result)
                .isFalse();
        return result.at("/result/value");
    }

    /** Waits until an expression is true on the page. */
    void until(String expression) {
        await().atMost(PATIENCE).until(() -> evaluate(expression).asBoolean());
    }

    /** Presses a key and lets it go. */
    void press(String key) {
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, Object> event = new HashMap<>(Map.<String, Object>of(
                    "type", type, "key", key, "code", key, "windowsVirtualKeyCode", KEYS.getOrDefault(key, 0)));
            if (key.equals("Enter")) {
                event.put("text", "\r");
            }
            ask("Input.dispatchKeyEvent", event);
        }
    }

    /** Clicks in the middle of what a selector finds, with the mouse. */
    void click(String selector) {
        JsonNode middle = evaluate("(() => { const e = document.querySelector(" + quoted(selector)
                + "); e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + " return [r.x + r.width / 2, r.y + r.height / 2]; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            ask(
                    "Input.dispatchMouseEvent",
                    Map.<String, Object>of(
                            "type",
                            type,
                            "x",
                            middle.get(0).asDouble(),
                            "y",
                            middle.get(1).asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    static String quoted(String text) {
        return MAPPER.valueToTree(text).toString();
    }

    /** Returns the page as far as it is seen, in PNG. */
    byte[] picture() {
        return Base64.getDecoder()
                .decode(ask("Page.captureScreenshot", Map.<String, Object>of("format", "png"))
                        .path("data")
                        .asText());
    }

    @Override
    public void close() {
        line.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
