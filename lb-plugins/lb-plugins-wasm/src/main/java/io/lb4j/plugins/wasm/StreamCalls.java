package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import io.lb4j.http.ResponseHead;
import java.util.List;

/** How guests let exchanges go on, answer them, and change from one context to another. */
final class StreamCalls {
    private static final int REQUEST = 0;
    private static final int RESPONSE = 1;
    private static final int LAST = 3;
    private static final int UNAVAILABLE = 503;

    static final List<HostCall<ProxyGuest>> ALL = List.of(
            proxy("continue_stream", "i", StreamCalls::goOn),
            proxy("close_stream", "i", StreamCalls::close),
            proxy("send_local_response", "iiiiiiii", StreamCalls::answer),
            proxy(
                    "set_effective_context",
                    "i",
                    (guest, arguments) -> guest.choose((int) arguments[0]) ? Status.OK : Status.BAD_ARGUMENT),
            proxy("done", "", StreamCalls::done),
            proxy("get_status", "iii", (guest, arguments) -> {
                int written =
                        GuestArguments.put(guest, arguments[0], guest.calls().status());
                return written == Status.OK
                        ? guest.give(guest.calls().message(), (int) arguments[1], (int) arguments[2])
                        : written;
            }),
            proxy("set_tick_period_milliseconds", "i", (guest, arguments) -> {
                long period = arguments[0] & 0xffff_ffffL;
                return guest.effects().add(() -> guest.ticker().set(period)) ? Status.OK : Status.INTERNAL_FAILURE;
            }));

    private StreamCalls() {}

    private static int goOn(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        if (type < 0 || type > LAST) {
            return Status.BAD_ARGUMENT;
        }
        StreamContext stream = guest.stream();
        if (type > RESPONSE || stream == null) {
            return Status.UNIMPLEMENTED;
        }
        guest.effects().add(type == REQUEST ? stream::resumeRequest : stream::resumeResponse);
        return Status.OK;
    }

    /** Ends an exchange: with 503, or by a reset where a response has begun. */
    private static int close(ProxyGuest guest, long[] arguments) {
        int type = (int) arguments[0];
        if (type < 0 || type > LAST) {
            return Status.BAD_ARGUMENT;
        }
        StreamContext stream = guest.stream();
        if (type > RESPONSE || stream == null) {
            return Status.UNIMPLEMENTED;
        }
        ProxyAnswer end = new ProxyAnswer(new ResponseHead().status(UNAVAILABLE), Octets.NONE, -1);
        guest.effects().add(() -> stream.answer(end));
        return Status.OK;
    }

    private static int answer(ProxyGuest guest, long[] arguments) {
        String details = ProxyAnswer.details(GuestArguments.octets(guest, arguments, 1));
        byte[] body = GuestArguments.octets(guest, arguments, 3);
        List<Pairs.Pair> pairs = GuestArguments.pairs(guest, arguments, 5);
        StreamContext stream = guest.stream();
        if (stream == null) {
            return Status.UNIMPLEMENTED;
        }
        int status = (int) arguments[0];
        if (status < 200 || status > 999) {
            return Status.BAD_ARGUMENT;
        }
        ResponseHead head = new ResponseHead().status(status);
        try {
            FieldMap map = new FieldMap.OfResponse(head);
            pairs.forEach(pair -> map.add(pair.name(), pair.value()));
        } catch (IllegalArgumentException e) {
            Logs.note(guest, "answer refused: " + e.getMessage());
            return Status.BAD_ARGUMENT;
        }
        if (head.status() < 200) {
            return Status.BAD_ARGUMENT;
        }
        if (!details.isEmpty()) {
            Logs.note(guest, "answers " + status + ": " + details);
        }
        ProxyAnswer answer = new ProxyAnswer(head, Octets.of(body), (int) arguments[7]);
        return guest.effects().add(body.length, () -> stream.answer(answer)) ? Status.OK : Status.INTERNAL_FAILURE;
    }

    private static int done(ProxyGuest guest, long[] arguments) {
        StreamContext stream = guest.stream();
        return stream != null && stream.done() ? Status.OK : Status.NOT_FOUND;
    }
}
