package io.lb4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http2.RawH2Client;
import io.lb4j.testkit.time.Aside;
import io.lb4j.testkit.tls.ClientTls;
import io.lb4j.testkit.tls.TestCertificates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import tech.kwik.flupke.Http3Client;

/** A client that asks again and again over one connection, until it is finished or has an answer that is not as it should be. */
final class Talk {
    private static final long PATIENCE_SECONDS = 60;
    private static final byte[] BINARY_MASKED = {(byte) 0x82, (byte) (0x80 | Long.BYTES), 0, 0, 0, 0};

    private final String name;
    private final Turn turn;
    private final Semaphore turns = new Semaphore(0);
    private final CompletableFuture<Void> talking;
    private volatile boolean isFinished;

    /** A question with its answer. */
    private interface Turn {
        void take() throws Exception;
    }

    private Talk(String name, Turn turn, Runnable hangUp) {
        this.name = name;
        this.turn = turn;
        talking = CompletableFuture.runAsync(this::talk, Aside.THREAD).whenComplete((done, failure) -> {
            hangUp.run();
            turns.release();
        });
    }

    private void talk() {
        try {
            while (!isFinished) {
                turn.take();
                turns.release();
            }
        } catch (Exception e) {
            throw new CompletionException(name, e);
        }
    }

    static Talk http1(int port) {
        RawClient client = RawClient.connect(port);
        Turn turn = () -> assertThat(client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n")
                        .readResponse()
                        .status())
                .isEqualTo(200);
        return new Talk("HTTP/1.1", turn, client::close);
    }

    static Talk http2(int port, TestCertificates authority) {
        RawH2Client client = RawH2Client.connect(port, ClientTls.trusting(authority));
        Turn turn = () -> assertThat(client.get("/").status()).isEqualTo(200);
        return new Talk("HTTP/2", turn, client::close);
    }

    /** The client makes another connection where it has lost one: who wants to know asks the listener. */
    static Talk http3(int port) {
        HttpClient client = Http3Client.newBuilder().disableCertificateCheck().build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/"))
                .build();
        Turn turn = () -> assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        return new Talk("HTTP/3", turn, () -> {});
    }

    /** One WebSocket all the time, whose frames come back as they are. */
    static Talk webSocket(int port, String path) {
        RawClient client = RawClient.connect(port);
        client.send("GET " + path + " HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\n"
                + "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(101);
        AtomicLong number = new AtomicLong();
        Turn turn = () -> {
            byte[] frame = ByteBuffer.allocate(BINARY_MASKED.length + Long.BYTES)
                    .put(BINARY_MASKED)
                    .putLong(number.incrementAndGet())
                    .array();
            assertThat(client.send(frame).read(frame.length)).isEqualTo(frame);
        };
        return new Talk("WebSocket", turn, client::close);
    }

    /** Waits for an answer that comes from now on. */
    void awaitTurn() {
        turns.drainPermits();
        try {
            assertThat(turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(name)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (talking.isDone()) {
            talking.join(); // throws what has ended it
        }
    }

    /** Takes the last turn, and hangs up. */
    void finish() {
        isFinished = true;
        talking.join();
    }
}
