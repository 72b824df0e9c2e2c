package io.lb4j.plugins.wasm;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.Version;
import io.lb4j.plugins.wasm.engine.GuestFault;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What guests of http-wasm call. A text is written where there is room for all of it; its length is told in any case. */
final class HandlerCalls {
    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;
    private static final int MOST_WRITTEN = 16 << 20;

    static final List<HostCall<HandlerGuest>> ALL = List.of(
            call("enable_features", "i>i", (guest, arguments) -> guest.enable((int) arguments[0])),
            call(
                    "get_config",
                    "ii>i",
                    (guest, arguments) -> write(guest, guest.settings().config().array(), arguments, 0)),
            call("log_enabled", "i>i", (guest, arguments) -> isLogged(guest, (int) arguments[0]) ? 1 : 0),
            call("log", "iii>", HandlerCalls::log),
            call("get_method", "ii>i", (guest, arguments) -> {
                return write(
                        guest, octets(guest.exchange().requestHead().method().name()), arguments, 0);
            }),
            call(
                    "set_method",
                    "ii>",
                    (guest, arguments) -> change(guest, () -> {
                        openRequest(guest).method(Method.of(text(guest, arguments, 0)));
                    })),
            call("get_uri", "ii>i", (guest, arguments) -> {
                return write(guest, octets(guest.exchange().requestHead().target()), arguments, 0);
            }),
            call(
                    "set_uri",
                    "ii>",
                    (guest, arguments) -> change(guest, () -> {
                        String uri = text(guest, arguments, 0);
                        openRequest(guest).target(uri.isEmpty() ? "/" : uri);
                    })),
            call("get_protocol_version", "ii>i", (guest, arguments) -> {
                return write(
                        guest, octets(version(guest.exchange().requestHead().version())), arguments, 0);
            }),
            call("get_source_addr", "ii>i", (guest, arguments) -> write(guest, octets(source(guest)), arguments, 0)),
            call("get_header_names", "iii>j", HandlerCalls::names),
            call("get_header_values", "iiiii>j", HandlerCalls::values),
            call(
                    "set_header_value",
                    "iiiii>",
                    (guest, arguments) -> change(guest, () -> {
                        if (isHost(guest, arguments)) {
                            openRequest(guest).authority(text(guest, arguments, 3));
                        } else {
                            openFields(guest, arguments[0]).set(name(guest, arguments), text(guest, arguments, 3));
                        }
                    })),
            call(
                    "add_header_value",
                    "iiiii>",
                    (guest, arguments) -> change(guest, () -> {
                        if (isHost(guest, arguments)) {
                            openRequest(guest).authority(text(guest, arguments, 3)); // there is one
                        } else {
                            roomy(guest, arguments).add(name(guest, arguments), text(guest, arguments, 3));
                        }
                    })),
            call("remove_header", "iii>", (guest, arguments) -> {
                openFields(guest, arguments[0])
                        .remove(name(guest, arguments)); // the host, which is none of them, stays
                return 0;
            }),
            call("read_body", "iii>j", HandlerCalls::read),
            call("write_body", "iii>", HandlerCalls::writeBody),
            call(
                    "get_status_code",
                    ">i",
                    (guest, arguments) -> guest.exchange().responseHead().status()),
            call(
                    "set_status_code",
                    "i>",
                    (guest, arguments) -> change(guest, () -> {
                        guest.exchange().responseHead().status((int) arguments[0]);
                    })));

    private HandlerCalls() {}

    private static HostCall<HandlerGuest> call(String name, String signature, HostCall.Body<HandlerGuest> body) {
        return new HostCall<>("http_handler", name, signature, body);
    }

    private static GuestFault misconduct(String what) {
        return new GuestFault(GuestFault.Reason.MISCONDUCT, "guest: " + what);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(HandlerGuest guest, long[] arguments, int index) {
        return new String(read(guest, arguments, index), StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(HandlerGuest guest, long[] arguments, int index) {
        return guest.memory().read((int) arguments[index], (int) arguments[index + 1]);
    }

    /** Changes a message; what cannot be sent ends the guest's call, as the ABI has it. */
    private static long change(HandlerGuest guest, Runnable change) {
        guest.exchange();
        try {
            change.run();
            return 0;
        } catch (IllegalArgumentException e) {
            throw misconduct(String.valueOf(e.getMessage()));
        }
    }

    /** Writes octets, where the guest has room for them; returns their length. */
    private static long write(HandlerGuest guest, byte[] octets, long[] arguments, int index) {
        if (octets.length <= Integer.toUnsignedLong((int) arguments[index + 1])
                && !guest.memory().write((int) arguments[index], octets, 0, octets.length)) {
            throw misconduct("reaches beyond its memory");
        }
        return octets.length;
    }

    /** Writes texts with a zero behind each; returns their number, and their length. */
    private static long writeAll(HandlerGuest guest, Iterable<String> texts, long[] arguments, int index) {
        StringBuilder all = new StringBuilder();
        long count = 0;
        for (String each : texts) {
            all.append(each).append('\0');
            count++;
        }
        return count << Integer.SIZE | write(guest, octets(all.toString()), arguments, index);
    }

    private static boolean isLogged(HandlerGuest guest, int level) {
        return level + 1 >= Logs.threshold(guest.facilities().logger()) && level < 3;
    }

    /** Levels begin at -1, which is debug; 3 is none. */
    private static long log(HandlerGuest guest, long[] arguments) {
        int level = (int) arguments[0] + 2;
        if (Logs.isLevel(level) && level <= 4) {
            Logs.write(guest, level, new String(read(guest, arguments, 1), StandardCharsets.UTF_8));
        }
        return 0;
    }

    private static String version(Version version) {
        return version.isMultiplexed() ? version + ".0" : version.toString();
    }

    private static String source(HandlerGuest guest) {
        return guest.exchange().exchange().connection().remoteAddress() instanceof InetSocketAddress inet
                ? Properties.text(inet)
                : "";
    }

    private static FieldName name(HandlerGuest guest, long[] arguments) {
        try {
            return FieldName.of(text(guest, arguments, 1));
        } catch (IllegalArgumentException e) {
            throw misconduct(String.valueOf(e.getMessage()));
        }
    }

    private static Fields fields(HandlerGuest guest, long kind) {
        if (kind == REQUEST) {
            return guest.exchange().requestFields();
        }
        if (kind == RESPONSE) {
            return guest.exchange().responseHead().fields();
        }
        if (kind < 0 || kind > 3) {
            throw misconduct("kind of fields: " + kind + " (expected: 0..3)");
        }
        return new Fields(); // trailers, which this host does not say that it has
    }

    /** Returns the head of a request that has not gone on yet. */
    private static RequestHead openRequest(HandlerGuest guest) {
        if (guest.exchange().isResponding()) {
            throw misconduct("changes a request that has gone on");
        }
        return guest.exchange().requestHead();
    }

    /** Returns fields that can be changed. */
    private static Fields openFields(HandlerGuest guest, long kind) {
        if (kind == REQUEST) {
            return openRequest(guest).fields();
        }
        if (kind != RESPONSE) {
            throw misconduct("changes trailers without the feature, which this host does not have");
        }
        return fields(guest, kind);
    }

    /** Returns whether arguments name the host of a request, which is its authority and none of its fields. */
    private static boolean isHost(HandlerGuest guest, long[] arguments) {
        return arguments[0] == REQUEST && name(guest, arguments).equals(FieldName.HOST);
    }

    private static long values(HandlerGuest guest, long[] arguments) {
        if (isHost(guest, arguments)) {
            String host = guest.exchange().requestHead().authority();
            return writeAll(guest, host.isEmpty() ? List.of() : List.of(host), arguments, 3);
        }
        List<String> values = fields(guest, arguments[0]).values(name(guest, arguments));
        return writeAll(guest, values, arguments, 3);
    }

    /** Returns fields that have room for the one that arguments name. */
    private static Fields roomy(HandlerGuest guest, long[] arguments) {
        Fields fields = openFields(guest, arguments[0]);
        FieldMap.requireRoom(fields, text(guest, arguments, 1), text(guest, arguments, 3));
        return fields;
    }

    private static long names(HandlerGuest guest, long[] arguments) {
        Set<String> names = new LinkedHashSet<>();
        if (arguments[0] == REQUEST
                && !guest.exchange().requestHead().authority().isEmpty()) {
            names.add(FieldName.HOST.toString());
        }
        fields(guest, arguments[0]).forEach((name, value) -> names.add(name));
        return writeAll(guest, names, arguments, 1);
    }

    private static HandlerExchange.Message message(HandlerGuest guest, long kind) {
        if (kind != REQUEST && kind != RESPONSE) {
            throw misconduct("kind of body: " + kind + " (expected: 0 or 1)");
        }
        HandlerExchange exchange = guest.exchange();
        if (kind == REQUEST) {
            return exchange.request();
        }
        if (exchange.isResponding() && !exchange.takesResponseBody()) {
            throw misconduct("reads or writes the body of a response without the feature buffer_response");
        }
        return exchange.response();
    }

    private static long read(HandlerGuest guest, long[] arguments) {
        HandlerExchange.Message message = message(guest, arguments[0]);
        long room = Integer.toUnsignedLong((int) arguments[2]);
        if (room == 0) {
            throw misconduct("reads a body into no room");
        }
        int count = (int) Math.min(room, message.left());
        if (!guest.memory().write((int) arguments[1], message.body(), message.position(), count)) {
            throw misconduct("reaches beyond its memory");
        }
        message.skip(count);
        long end = message.left() == 0 ? 1 : 0;
        return end << Integer.SIZE | count;
    }

    private static long writeBody(HandlerGuest guest, long[] arguments) {
        if (arguments[0] == REQUEST) {
            openRequest(guest);
        }
        HandlerExchange.Message message = message(guest, arguments[0]);
        byte[] octets = read(guest, arguments, 1);
        if (message.writtenLength() + octets.length > MOST_WRITTEN) {
            throw misconduct("writes more than " + MOST_WRITTEN + " octets (the limit)");
        }
        message.write(octets);
        return 0;
    }
}
