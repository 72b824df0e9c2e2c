package io.lb4j.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The example with the JDK's own client. */
final class WebSocketsTest {
    /** What has come; texts here are short enough to come in one piece. */
    private static final class Heard implements WebSocket.Listener {
        final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            words.add(text.toString());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            words.add("closed with " + code);
            return null;
        }

        @Nullable String next() throws InterruptedException {
            return words.poll(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatIsSaidComesBack() throws Exception {
        Heard heard = new Heard();
        try (Running running = WebSockets.start(0)) {
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + running.port() + "/chat/room"), heard)
                    .get(30, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("hello 127.0.0.1");

            socket.sendText("one", true).get(30, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("one");
            socket.sendText("two", true).get(30, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("two");

            socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get(30, TimeUnit.SECONDS);
            assertThat(heard.next()).isEqualTo("closed with 1000");
        }
    }
}
