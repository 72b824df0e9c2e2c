package io.lb4j.plugins.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.plugins.wasm.engine.CompiledModule;
import io.lb4j.plugins.wasm.engine.EngineLimits;
import io.lb4j.plugins.wasm.engine.Guest;
import io.lb4j.plugins.wasm.engine.GuestFunction;
import io.lb4j.plugins.wasm.engine.HostFunction;
import io.lb4j.plugins.wasm.engine.UnfitModuleException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The example rate-limiter with more clients than a balancer could be asked by in a test: the host is the test's own, and so are its clock and what it keeps. */
final class RateLimiterTest {
    private static final int PLACES = 65_536;
    private static final long SECOND = 1_000_000_000;
    private static final EngineLimits LIMITS = new EngineLimits(
            1 << 20, 1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofMinutes(1), false);

    private final Map<String, SharedSpace.Entry> kept = new HashMap<>();
    private String client = "";
    private boolean limited;
    private long nowNanos = SECOND;
    private int lastCas;
    private Guest guest;
    private GuestFunction allocate;
    private GuestFunction requestHeaders;

    @BeforeEach
    void start() throws IOException, UnfitModuleException {
        CompiledModule module =
                CompiledModule.compile(Files.readAllBytes(Guests.EXAMPLES.resolve("rate-limiter.wasm")), LIMITS);
        guest = module.prepare(LIMITS);
        guest.start(
                module.imports().stream().map(wanted -> function(wanted.name())).toList());
        allocate = guest.function("proxy_on_memory_allocate", "i>i").orElseThrow();
        requestHeaders = guest.function("proxy_on_request_headers", "iii>i").orElseThrow();
        guest.call(guest.function("proxy_on_context_create", "ii>").orElseThrow(), 1, 0);
        guest.call(guest.function("proxy_on_configure", "ii>i").orElseThrow(), 1, 100);
    }

    @AfterEach
    void end() {
        guest.close();
    }

    private HostFunction function(String name) {
        return switch (name) {
            case "proxy_get_buffer_bytes" ->
                arguments -> give("{\"requests_per_minute\":6,\"burst_size\":2}", arguments[3], arguments[4]);
            case "proxy_get_property" -> arguments -> give(client, arguments[2], arguments[3]);
            case "proxy_get_current_time_nanoseconds" ->
                arguments -> guest.memory().writeLong((int) arguments[0], nowNanos) ? 0 : 6;
            case "proxy_get_shared_data" -> this::find;
            case "proxy_set_shared_data" -> this::store;
            case "proxy_send_local_response" ->
                arguments -> {
                    limited = true;
                    return 0;
                };
            default -> arguments -> 0;
        };
    }

    private long give(String text, long addressAt, long lengthAt) {
        return give(text.getBytes(StandardCharsets.US_ASCII), addressAt, lengthAt);
    }

    private long give(byte[] octets, long addressAt, long lengthAt) {
        int address = (int) guest.call(allocate, octets.length);
        guest.memory().write(address, octets, 0, octets.length);
        guest.memory().writeInt((int) addressAt, address);
        guest.memory().writeInt((int) lengthAt, octets.length);
        return 0;
    }

    private String key(long[] arguments) {
        return new String(guest.memory().read((int) arguments[0], (int) arguments[1]), StandardCharsets.ISO_8859_1);
    }

    private long find(long[] arguments) {
        SharedSpace.Entry entry = kept.get(key(arguments));
        if (entry == null) {
            return Status.NOT_FOUND;
        }
        guest.memory().writeInt((int) arguments[4], entry.cas());
        return give(entry.value().array(), arguments[2], arguments[3]);
    }

    private long store(long[] arguments) {
        byte[] value = guest.memory().read((int) arguments[2], (int) arguments[3]);
        kept.put(key(arguments), new SharedSpace.Entry(Octets.of(value), ++lastCas));
        return 0;
    }

    private boolean isLetThrough(String address) {
        client = address + ":1234";
        limited = false;
        guest.call(requestHeaders, 2, 1, 1);
        return !limited;
    }

    private static String address(int number) {
        return "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    @Test
    void whatIsKeptIsBoundedAndNewcomersAreLimitedAsEverybodyIs() {
        for (int i = 0; i < 3 * PLACES; i++) {
            isLetThrough(address(i));
        }
        assertThat(kept).hasSizeLessThanOrEqualTo(PLACES);
        assertThat(List.of(isLetThrough("192.0.2.1"), isLetThrough("192.0.2.1"), isLetThrough("192.0.2.1")))
                .containsExactly(true, true, false);
    }

    @Test
    void aFewThousandClientsDoNotGetInEachOthersWay() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 10_000; i++) {
                assertThat(isLetThrough(address(i))).as(address(i)).isTrue();
            }
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(isLetThrough(address(i))).as(address(i)).isFalse();
        }
        nowNanos += 10 * SECOND;
        for (int i = 0; i < 10_000; i++) {
            assertThat(List.of(isLetThrough(address(i)), isLetThrough(address(i))))
                    .as("a token every ten seconds")
                    .containsExactly(true, false);
        }
    }

    @Test
    void aBucketThatIsFullAgainMakesRoom() {
        for (int i = 0; i < 20_000; i++) {
            isLetThrough(address(i));
        }
        int before = kept.size();
        for (int round = 1; round < 10; round++) {
            nowNanos += 60 * SECOND;
            for (int i = 0; i < 20_000; i++) {
                isLetThrough(address(round * 20_000 + i));
            }
        }
        assertThat(kept).hasSizeLessThanOrEqualTo(PLACES).hasSizeGreaterThanOrEqualTo(before);
        assertThat(isLetThrough(address(9 * 20_000))).isTrue();
        assertThat(isLetThrough(address(9 * 20_000))).isFalse();
    }
}
