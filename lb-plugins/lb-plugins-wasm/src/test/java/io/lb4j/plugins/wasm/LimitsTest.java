package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest may have of the host, at each limit and one past it. The guest is {@code limits.c}. */
final class LimitsTest {
    private static final int MOST_FIGURES = 450;
    private static final int MOST_CALLS = 1000;
    private static final int MOST_EFFECTS = 1000;
    private static final int MOST_OCTETS = 16 << 20;
    private static final int MOST_ENTRIES = 100_000;
    private static final int MOST_QUEUES = 1000;

    private ServerSocket silent;
    private Served served;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("limits.wasm"), Guests.c("limits"));
        silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); // it takes nothing, and says nothing
        served = Served.with(
                script -> script.onAny().answer(Answer.status(200).body("hello")),
                builder -> builder.process(process -> process.eventLoops(1))
                        .cluster(
                                "silent",
                                cluster -> cluster.endpoint("127.0.0.1", silent.getLocalPort())
                                        .connectTimeout(Duration.ofMinutes(1)))
                        .plugin(Wasm.plugin(
                                wasm -> wasm.path(file).maxMemory(64 << 20).callTime(Duration.ofSeconds(10)))));
    }

    @AfterEach
    void end() throws IOException {
        served.close();
        silent.close();
    }

    private String seen(String field) {
        return served.seen().headers().first(field).orElse("");
    }

    private void ask(String what, int number) {
        assertThat(served.get("/", "X-Do: " + what, "X-Number: " + number).status())
                .isEqualTo(200);
    }

    private void assertGood(String what, int number) {
        ask(what, number);
        assertThat(seen("x-status")).as(what + " " + number).isEqualTo("0");
        assertThat(seen("x-good")).isEqualTo(Integer.toString(number));
    }

    private void assertFull(String what, int number) {
        ask(what, number);
        assertThat(seen("x-status")).as(what + " " + number).isEqualTo(Integer.toString(Status.INTERNAL_FAILURE));
        assertThat(seen("x-good")).isEqualTo(Integer.toString(number - 1));
    }

    @Test
    void figures() {
        assertGood("figures", MOST_FIGURES);
        assertFull("figures", MOST_FIGURES + 1);
    }

    @Test
    void callsUnderWay() {
        assertGood("calls", MOST_CALLS / 2);
        assertGood("calls", MOST_CALLS / 2);
        assertFull("calls", 1);
    }

    @Test
    void octetsOfCallsUnderWay() {
        for (int i = 0; i < 4; i++) {
            assertGood("large", 1); // 15 MiB
        }
        assertFull("large", 1);
        assertFull("grpc", 1);
        assertGood("calls", 1);
    }

    @Test
    void octetsOfTheCallsThatOneCallAsksFor() {
        assertFull("grpc", 2);
        assertFull("large", 2);
    }

    /** A thousand parts that are the same 16 MiB. */
    @Test
    void outputThatIsNeverGathered() {
        assertGood("output", 1);
    }

    @Test
    void whatOneCallAsksFor() {
        assertGood("timers", MOST_EFFECTS);
        assertFull("timers", MOST_EFFECTS + 1);
        assertGood("timers", MOST_EFFECTS);
    }

    @Test
    void aBodyThatTheGuestMakes() {
        assertThat(bodyStatus(MOST_OCTETS)).isEqualTo("0");
        assertThat(bodyStatus(MOST_OCTETS + 1)).isEqualTo(Integer.toString(Status.INTERNAL_FAILURE));
    }

    private String bodyStatus(int octets) {
        RawResponse response = served.post("x", "X-Do: body", "X-Number: " + octets);
        assertThat(response.status()).isEqualTo(200);
        assertThat(served.seen().body().text()).isEqualTo("small");
        return response.headers().first("x-body-status").orElse("");
    }

    @Test
    void sharedData() {
        SharedSpace space = SharedSpace.of(new Object());
        space.enter("vm");
        byte[] octet = {1};
        for (int i = 0; i < MOST_ENTRIES; i++) {
            assertThat(space.store("vm", Integer.toString(i), octet, 0)).isZero();
        }
        assertThat(space.store("vm", "one more", octet, 0)).isEqualTo(Status.INTERNAL_FAILURE);
        assertThat(space.store("vm", "7", octet, 0)).as("one that is there").isZero();
        space.enter("other");
        assertThat(space.store("other", "k", new byte[MOST_OCTETS - 1], 0)).isZero();
        assertThat(space.store("other", "k", new byte[MOST_OCTETS], 0)).isEqualTo(Status.INTERNAL_FAILURE);
        assertThat(space.store("other", "l", new byte[0], 0)).isEqualTo(Status.INTERNAL_FAILURE);
        assertThat(space.store("other", "k", octet, 0)).isZero();
        assertThat(space.store("other", "l", octet, 0)).isZero();
    }

    @Test
    void queues() {
        SharedSpace space = SharedSpace.of(new Object());
        space.enter("vm");
        List<byte[]> taken = new ArrayList<>();
        int first = space.register("vm", "0");
        for (int i = 1; i < MOST_QUEUES; i++) {
            assertThat(space.register("vm", Integer.toString(i))).isPositive();
        }
        assertThat(space.register("vm", "one more")).isZero();
        assertThat(space.register("vm", "7")).as("one that is there").isPositive();
        assertThat(space.enqueue(first, new byte[MOST_OCTETS], new ArrayList<>()))
                .isZero();
        assertThat(space.enqueue(first, new byte[1], new ArrayList<>())).isEqualTo(Status.INTERNAL_FAILURE);
        assertThat(space.dequeue(first, taken)).isZero();
        for (int i = 0; i < MOST_ENTRIES; i++) {
            assertThat(space.enqueue(first, new byte[1], new ArrayList<>())).isZero();
        }
        assertThat(space.enqueue(first, new byte[1], new ArrayList<>())).isEqualTo(Status.INTERNAL_FAILURE);
    }
}
