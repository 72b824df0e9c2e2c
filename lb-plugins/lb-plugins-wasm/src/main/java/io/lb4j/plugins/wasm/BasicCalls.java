package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import java.util.List;
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

    /** There is one: to have the route chosen again, by the name that Envoy gives it. */
    private static int foreign(ProxyGuest guest, long[] arguments) {
        String name = GuestArguments.text(guest, arguments, 0);
        GuestArguments.octets(guest, arguments, 2);
        if (!"clear_route_cache".equals(name)) {
            return Status.NOT_FOUND;
        }
        int cleared = clearRoute(guest, arguments);
        boolean wantsResult = arguments[4] != 0 && arguments[5] != 0;
        return cleared == Status.OK && wantsResult
                ? guest.give(new byte[0], (int) arguments[4], (int) arguments[5])
                : cleared;
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
