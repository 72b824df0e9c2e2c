package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/** Logs, clocks, properties, and functions that no ABI names. */
final class BasicCalls {
    static final List<HostCall<ProxyGuest>> ALL = List.of(
            proxy("log", "iii", (guest, arguments) -> {
                if (!Logs.isLevel((int) arguments[0])) {
                    return Status.BAD_ARGUMENT;
                }
                Logs.write(guest, (int) arguments[0], GuestArguments.text(guest, arguments, 1));
                return Status.OK;
            }),
            proxy(
                    "get_log_level",
                    "i",
                    (guest, arguments) -> GuestArguments.put(
                            guest,
                            arguments[0],
                            Logs.threshold(guest.facilities().logger()))),
            proxy(
                    "get_current_time_nanoseconds",
                    "i",
                    (guest, arguments) -> guest.memory().writeLong((int) arguments[0], epochNanos())
                            ? Status.OK
                            : Status.INVALID_MEMORY_ACCESS),
            proxy("get_property", "iiii", (guest, arguments) -> {
                byte[] value = Properties.find(guest, GuestArguments.text(guest, arguments, 0));
                return value == null ? Status.NOT_FOUND : guest.give(value, (int) arguments[2], (int) arguments[3]);
            }),
            proxy(
                    "set_property",
                    "iiii",
                    (guest, arguments) -> Properties.store(
                            guest,
                            GuestArguments.text(guest, arguments, 0),
                            GuestArguments.octets(guest, arguments, 2))),
            proxy("call_foreign_function", "iiiiii", BasicCalls::foreign),
            // Of proxy-wasm 0.1.0, which SDKs for 0.2 still declare.
            proxy("clear_route_cache", "", BasicCalls::clearRoute),
            // Of emscripten, which the SDK for C++ is compiled with.
            new HostCall<>("env", "emscripten_notify_memory_growth", "i>", (guest, arguments) -> 0),
            new HostCall<>("env", "pthread_equal", "ii>i", (guest, arguments) -> arguments[0] == arguments[1] ? 1 : 0));

    private BasicCalls() {}

    static long epochNanos() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    private static int foreign(ProxyGuest guest, long[] arguments) {
        String name = GuestArguments.text(guest, arguments, 0);
        byte[] given = GuestArguments.octets(guest, arguments, 2);
        if ("clear_route_cache".equals(name)) {
            int cleared = clearRoute(guest, arguments);
            return cleared == Status.OK ? give(guest, new byte[0], arguments) : cleared;
        }
        if ("get_log_level".equals(name)) {
            // Higress's SDK asks this way before each line, and writes all of them where it gets no answer.
            return give(guest, logLevel(guest), arguments);
        }
        try {
            return give(guest, ForeignFunctions.call(name, given), arguments);
        } catch (NoSuchElementException unknown) {
            return Status.NOT_FOUND;
        } catch (IllegalArgumentException unfit) {
            return "verify_signature".equals(name) ? Status.BAD_ARGUMENT : Status.SERIALIZATION_FAILURE;
        }
    }

    private static byte[] logLevel(ProxyGuest guest) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(Logs.threshold(guest.facilities().logger()))
                .array();
    }

    /** Hands over a result, where the guest wants to have it. */
    private static int give(ProxyGuest guest, byte[] result, long[] arguments) {
        boolean isWanted = arguments[4] != 0 && arguments[5] != 0;
        return isWanted ? guest.give(result, (int) arguments[4], (int) arguments[5]) : Status.OK;
    }

    private static int clearRoute(ProxyGuest guest, long[] arguments) {
        StreamContext stream = guest.stream();
        if (stream == null) {
            return Status.BAD_ARGUMENT;
        }
        guest.effects().add(stream::clearRoute);
        return Status.OK;
    }
}
