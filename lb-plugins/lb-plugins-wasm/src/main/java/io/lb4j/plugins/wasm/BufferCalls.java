package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What guests do with buffers: bodies, and what they are told. */
final class BufferCalls {
    private static final int REQUEST_BODY = 0;
    private static final int RESPONSE_BODY = 1;
    private static final int LAST = 8;
    private static final byte[] NOTHING = {};
    private static final long UNSIGNED = 0xffff_ffffL;

    static final List<HostCall<ProxyGuest>> ALL = List.of(
            proxy("get_buffer_bytes", "iiiii", BufferCalls::bytes),
            proxy("get_buffer_status", "iii", BufferCalls::status),
            proxy("set_buffer_bytes", "iiiii", BufferCalls::replace));

    private BufferCalls() {}

    private static boolean isUnknown(long type) {
        return (int) type < 0 || (int) type > LAST;
    }

    private static @Nullable GuestBody body(ProxyGuest guest, int type) {
        StreamContext stream = guest.stream();
        if (stream == null || (type != REQUEST_BODY && type != RESPONSE_BODY)) {
            return null;
        }
        GuestBody body = type == REQUEST_BODY ? stream.request().body : stream.response().body;
        return body.isOpen() ? body : null;
    }

    /** Returns what can only be read, or null. */
    private static byte @Nullable [] fixed(ProxyGuest guest, int type) {
        return type == ProxyAbi.VM_CONFIGURATION || type == ProxyAbi.PLUGIN_CONFIGURATION
                ? guest.configuration(type)
                : guest.calls().buffer(type);
    }

    private static int bytes(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        long start = arguments[1] & UNSIGNED;
        long length = arguments[2] & UNSIGNED;
        if (isUnknown(type) || start + length > UNSIGNED) {
            return Status.BAD_ARGUMENT;
        }
        GuestBody body = body(guest, type);
        byte[] fixed = body == null ? fixed(guest, type) : NOTHING;
        if (fixed == null) {
            return Status.NOT_FOUND;
        }
        int size = body == null ? fixed.length : body.size();
        int from = (int) Math.min(start, size);
        int count = (int) Math.min(length, size - from);
        byte[] octets = body == null ? Arrays.copyOfRange(fixed, from, from + count) : body.copy(from, count);
        return guest.give(octets, (int) arguments[3], (int) arguments[4]);
    }

    private static int status(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        if (isUnknown(type)) {
            return Status.BAD_ARGUMENT;
        }
        GuestBody body = body(guest, type);
        byte[] fixed = body == null ? fixed(guest, type) : NOTHING;
        if (fixed == null) {
            return Status.NOT_FOUND;
        }
        int written = GuestArguments.put(guest, arguments[1], body == null ? fixed.length : body.size());
        return written == Status.OK ? GuestArguments.put(guest, arguments[2], 0) : written;
    }

    private static int replace(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        if (isUnknown(type)) {
            return Status.BAD_ARGUMENT;
        }
        byte[] octets = GuestArguments.octets(guest, arguments, 3);
        GuestBody body = body(guest, type);
        if (body == null) {
            return Status.NOT_FOUND;
        }
        boolean fits = body.replace(arguments[1] & UNSIGNED, arguments[2] & UNSIGNED, octets);
        return fits ? Status.OK : Status.INTERNAL_FAILURE;
    }
}
