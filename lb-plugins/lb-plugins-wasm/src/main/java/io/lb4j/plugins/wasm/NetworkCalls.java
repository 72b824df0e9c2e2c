package io.lb4j.plugins.wasm;

import static io.lb4j.plugins.wasm.HostCall.proxy;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.ClusterRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Calls of guests to the balancer's clusters. */
final class NetworkCalls {
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long UNSIGNED = 0xffff_ffffL;
    private static final Set<String> REQUIRED = Set.of(":path", ":authority");

    static final List<HostCall<ProxyGuest>> ALL = List.of(
            proxy("http_call", "iiiiiiiiii", NetworkCalls::http),
            proxy("grpc_call", "iiiiiiiiiiii", NetworkCalls::grpc),
            proxy("grpc_stream", "iiiiiiiii", NetworkCalls::grpcStream),
            proxy("grpc_send", "iiii", (guest, arguments) -> {
                byte[] message = GuestArguments.octets(guest, arguments, 1);
                GrpcCall call = guest.calls().find((int) arguments[0]);
                if (call == null || !call.isStream()) {
                    return call == null ? Status.NOT_FOUND : Status.BAD_ARGUMENT;
                }
                boolean end = arguments[3] != 0;
                boolean fits = call.hasRoomFor(message.length)
                        && guest.effects().add(message.length, () -> call.send(message, end));
                return fits ? Status.OK : Status.INTERNAL_FAILURE;
            }),
            proxy("grpc_close", "i", (guest, arguments) -> {
                GrpcCall call = guest.calls().find((int) arguments[0]);
                if (call == null) {
                    return Status.NOT_FOUND;
                }
                return call.isStream() ? later(guest, call::close) : cancel(guest, call);
            }),
            proxy("grpc_cancel", "i", (guest, arguments) -> {
                GrpcCall call = guest.calls().find((int) arguments[0]);
                return call == null ? Status.NOT_FOUND : cancel(guest, call);
            }));

    private NetworkCalls() {}

    private static int later(ProxyGuest guest, Runnable action) {
        return guest.effects().add(action) ? Status.OK : Status.INTERNAL_FAILURE;
    }

    private static int cancel(ProxyGuest guest, GrpcCall call) {
        guest.calls().remove(call.number());
        return later(guest, call::cancel);
    }

    private static int http(ProxyGuest guest, long[] arguments) {
        String cluster = GuestArguments.text(guest, arguments, 0);
        List<Pairs.Pair> pairs = GuestArguments.pairs(guest, arguments, 2);
        byte[] body = GuestArguments.octets(guest, arguments, 4);
        List<Pairs.Pair> trailerPairs = GuestArguments.pairs(guest, arguments, 6);
        GuestArguments.requirePlace(guest, arguments[9]);
        if (!mayCall(guest, cluster)) {
            return Status.BAD_ARGUMENT;
        }
        RequestHead head = new RequestHead();
        Fields trailers = new Fields();
        Set<String> names = new HashSet<>();
        try {
            FieldMap map = new FieldMap.OfRequest(head);
            for (Pairs.Pair pair : pairs) {
                map.add(pair.name(), pair.value());
                names.add(map.canonical(pair.name()));
            }
            trailerPairs.forEach(pair -> trailers.add(pair.name(), pair.value()));
        } catch (IllegalArgumentException e) {
            Logs.note(guest, "call refused: " + e.getMessage());
            return Status.BAD_ARGUMENT;
        }
        // A method that is not said is GET: guests for APISIX call so, and give the host by that name.
        if (!names.containsAll(REQUIRED)) {
            return Status.BAD_ARGUMENT;
        }
        head.fields().remove(FieldName.CONTENT_LENGTH);
        if (guest.calls().isFull()) {
            return Status.INTERNAL_FAILURE;
        }
        ClusterRequest request = ClusterRequest.of(cluster, head).withTimeout(timeout(arguments[8]));
        int number = guest.calls().send(request, body, trailers);
        return number == 0 ? Status.INTERNAL_FAILURE : GuestArguments.put(guest, arguments[9], number);
    }

    private static Duration timeout(long argument) {
        long millis = argument & UNSIGNED;
        Duration asked = Duration.ofMillis(millis);
        return millis == 0 ? USUAL_TIMEOUT : asked.compareTo(LONGEST) > 0 ? LONGEST : asked;
    }

    private static boolean mayCall(ProxyGuest guest, String cluster) {
        if (!guest.settings().mayCallCluster(cluster)) {
            Logs.note(guest, "call of a cluster refused: not among those that the plugin may call");
            return false;
        }
        return guest.loop() == null
                || guest.facilities().clusters().isKnown(cluster); // before, no configuration is in force
    }

    private static int grpc(ProxyGuest guest, long[] arguments) {
        byte[] message = GuestArguments.octets(guest, arguments, 8);
        GuestArguments.requirePlace(guest, arguments[11]);
        GrpcCall.Plan plan = plan(guest, arguments, Octets.of(message), timeout(arguments[10]));
        return open(guest, plan, arguments[11]);
    }

    private static int grpcStream(ProxyGuest guest, long[] arguments) {
        GuestArguments.requirePlace(guest, arguments[8]);
        return open(guest, plan(guest, arguments, null, LONGEST), arguments[8]);
    }

    private static int open(ProxyGuest guest, GrpcCall.@Nullable Plan plan, long place) {
        if (plan == null) {
            return Status.PARSE_FAILURE;
        }
        int number = guest.calls().isFull() ? 0 : guest.calls().open(plan);
        return number == 0 ? Status.INTERNAL_FAILURE : GuestArguments.put(guest, place, number);
    }

    private static GrpcCall.@Nullable Plan plan(
            ProxyGuest guest, long[] arguments, @Nullable Octets message, Duration timeout) {
        String cluster = cluster(GuestArguments.octets(guest, arguments, 0));
        String service = GuestArguments.latin(guest, arguments, 2);
        String method = GuestArguments.latin(guest, arguments, 4);
        List<Pairs.Pair> pairs = GuestArguments.pairs(guest, arguments, 6);
        String path = "/" + service + "/" + method;
        Fields metadata = new Fields();
        try {
            new RequestHead().target(path);
            pairs.forEach(pair -> metadata.add(pair.name(), pair.value()));
        } catch (IllegalArgumentException e) {
            Logs.note(guest, "call refused: " + e.getMessage());
            return null;
        }
        return mayCall(guest, cluster) ? new GrpcCall.Plan(cluster, path, metadata, message, timeout) : null;
    }

    /**
     * Returns the cluster that is meant: a name, or Envoy's {@code GrpcService} that holds one, {@code envoy_grpc.cluster_name}, which are fields 1 of a
     * message within a message.
     */
    private static String cluster(byte[] octets) {
        boolean wrapped = octets.length > 4
                && octets[0] == 0x0a
                && octets[1] <= octets.length - 2
                && octets[2] == 0x0a
                && octets[3] >= 0
                && octets[3] <= octets.length - 4;
        return wrapped
                ? new String(octets, 4, octets[3], StandardCharsets.UTF_8)
                : new String(octets, StandardCharsets.UTF_8);
    }
}
