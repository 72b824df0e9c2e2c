package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What guests do with maps of fields. */
final class HeaderCalls {
    private static final int REQUEST_HEADERS = 0;
    private static final int REQUEST_TRAILERS = 1;
    private static final int RESPONSE_HEADERS = 2;
    private static final int RESPONSE_TRAILERS = 3;
    private static final int LAST = 7;

    static final List<HostCall<ProxyGuest>> ALL = List.of(
            proxy("get_header_map_size", "ii", HeaderCalls::size),
            proxy("get_header_map_pairs", "iii", HeaderCalls::pairs),
            proxy("set_header_map_pairs", "iii", HeaderCalls::replaceAll),
            proxy("get_header_map_value", "iiiii", HeaderCalls::value),
            proxy("add_header_map_value", "iiiii", (guest, arguments) -> {
                String name = GuestArguments.latin(guest, arguments, 1);
                String value = GuestArguments.latin(guest, arguments, 3);
                return change(guest, (int) arguments[0], map -> map.add(name, value));
            }),
            proxy("replace_header_map_value", "iiiii", (guest, arguments) -> {
                String name = GuestArguments.latin(guest, arguments, 1);
                String value = GuestArguments.latin(guest, arguments, 3);
                return change(guest, (int) arguments[0], map -> map.replace(name, value));
            }),
            proxy("remove_header_map_value", "iii", (guest, arguments) -> {
                String name = GuestArguments.latin(guest, arguments, 1);
                return change(guest, (int) arguments[0], map -> map.remove(name));
            }));

    private HeaderCalls() {}

    private static @Nullable FieldMap find(ProxyGuest guest, int type) {
        if (type > RESPONSE_TRAILERS) {
            return guest.calls().map(type);
        }
        StreamContext stream = guest.stream();
        if (stream == null) {
            return null;
        }
        return switch (type) {
            case REQUEST_HEADERS -> stream.request().head;
            case REQUEST_TRAILERS -> stream.request().trailers;
            case RESPONSE_HEADERS -> stream.response().head;
            case RESPONSE_TRAILERS -> stream.response().trailers;
            default -> null;
        };
    }

    /** Returns what is said of a map that is not there: at the end of an exchange it is merely not found. */
    private static int missing(ProxyGuest guest, int type) {
        StreamContext stream = guest.stream();
        boolean known = type >= 0 && type <= LAST;
        return known && stream != null && stream.isEnded() ? Status.NOT_FOUND : Status.BAD_ARGUMENT;
    }

    private static int size(ProxyGuest guest, long[] arguments) {
        FieldMap map = find(guest, (int) arguments[0]);
        return map == null
                ? missing(guest, (int) arguments[0])
                : GuestArguments.put(guest, arguments[1], Pairs.size(map));
    }

    private static int pairs(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        if (type < 0 || type > LAST) {
            return Status.BAD_ARGUMENT;
        }
        FieldMap map = find(guest, type);
        // One that is not there has no pairs, as with Envoy: the SDK for Rust knows no other status than 0 here.
        byte[] octets = map == null || map.size() == 0 ? new byte[0] : Pairs.write(map);
        return guest.give(octets, (int) arguments[1], (int) arguments[2]);
    }

    private static int value(ProxyGuest guest, long[] arguments) {
        String name = GuestArguments.latin(guest, arguments, 1);
        FieldMap map = find(guest, (int) arguments[0]);
        if (map == null) {
            return missing(guest, (int) arguments[0]);
        }
        Optional<String> value;
        try {
            value = map.value(name);
        } catch (IllegalArgumentException e) {
            return Status.NOT_FOUND; // there is no field of a name that is none
        }
        return value.isEmpty()
                ? Status.NOT_FOUND
                : guest.give(value.get().getBytes(StandardCharsets.ISO_8859_1), (int) arguments[3], (int) arguments[4]);
    }

    private static int replaceAll(ProxyGuest guest, long[] arguments) {
        List<Pairs.Pair> pairs = GuestArguments.pairs(guest, arguments, 1);
        return change(guest, (int) arguments[0], map -> map.replaceAll(pairs));
    }

    /** Changes a map. One that has gone on stays as it is, which guests need not know. */
    private static int change(ProxyGuest guest, int type, Consumer<FieldMap> change) {
        FieldMap map = find(guest, type);
        StreamContext stream = guest.stream();
        if (map == null || stream == null || type > RESPONSE_TRAILERS) {
            return Status.BAD_ARGUMENT;
        }
        if ((type == REQUEST_HEADERS && !stream.request().headOpen)
                || (type == RESPONSE_HEADERS && !stream.response().headOpen)) {
            return Status.OK;
        }
        try {
            change.accept(map);
            return Status.OK;
        } catch (IllegalArgumentException e) {
            Logs.note(guest, "field refused: " + e.getMessage());
            return Status.BAD_ARGUMENT;
        }
    }
}
