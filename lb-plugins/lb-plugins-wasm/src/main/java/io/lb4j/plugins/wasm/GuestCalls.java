package io.lb4j.plugins.wasm;

import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ClusterResponse;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The calls to clusters that one instance has under way, and what has come of the one that it is told of now. Confined to its event loop. */
final class GuestCalls {
    private static final int HTTP_BODY = 4;
    private static final int GRPC_MESSAGE = 5;
    private static final int GRPC_INITIAL_METADATA = 4;
    private static final int GRPC_TRAILING_METADATA = 5;
    private static final int HTTP_HEADERS = 6;
    private static final int HTTP_TRAILERS = 7;
    private static final int MOST = 1000;
    private static final long MOST_OCTETS = 64 << 20;
    private static final int FAILED = 503;

    private final ProxyGuest guest;
    private final IntObjectMap<ClusterCall> http = new IntObjectHashMap<>();
    private final IntObjectMap<GrpcCall> grpc = new IntObjectHashMap<>();
    private int lastNumber;
    private int promised; // calls that are to begin once the guest's call is over
    private long held; // octets that calls under way have yet to send, or may have

    private @Nullable FieldMap initial; // what the guest is told of now, as is all below
    private @Nullable FieldMap trailing;
    private boolean isGrpc;
    private byte @Nullable [] body;
    private int status;
    private byte[] message = new byte[0];

    GuestCalls(ProxyGuest guest) {
        this.guest = guest;
    }

    /** Returns a map of what has come, or null. */
    @Nullable FieldMap map(int type) {
        return switch (type) {
            case HTTP_HEADERS -> isGrpc ? null : initial;
            case HTTP_TRAILERS -> isGrpc ? null : trailing;
            case GRPC_INITIAL_METADATA -> isGrpc ? initial : null;
            case GRPC_TRAILING_METADATA -> isGrpc ? trailing : null;
            default -> null;
        };
    }

    /** Returns the octets that have come, or null. */
    byte @Nullable [] buffer(int type) {
        return type == (isGrpc ? GRPC_MESSAGE : HTTP_BODY) ? body : null;
    }

    /** Returns the status of what has come. */
    int status() {
        return status;
    }

    byte[] message() {
        return message;
    }

    boolean isFull() {
        return http.size() + grpc.size() + promised >= MOST;
    }

    int nextNumber() {
        lastNumber = lastNumber == Integer.MAX_VALUE ? 1 : lastNumber + 1;
        return lastNumber;
    }

    // ---- HTTP ----

    /** Has a request sent once the guest's call is over; returns the call's number, or 0 if the guest asks for too much. */
    int send(ClusterRequest request, byte[] body, Fields trailers) {
        int number = nextNumber();
        @Nullable StreamContext stream = guest.stream();
        int octets = body.length + trailers.listSize() + request.head().fields().listSize();
        Answered listener = new Answered(number, octets, stream);
        if (!hasRoomFor(octets) || !guest.effects().add(octets, () -> begin(request, body, trailers, listener))) {
            return 0;
        }
        promised++;
        hold(octets);
        return number;
    }

    /** Returns whether calls may hold so many octets more. */
    boolean hasRoomFor(long octets) {
        return held + octets <= MOST_OCTETS;
    }

    /** Calls hold so many octets more, or less. */
    void hold(long more) {
        held += more;
    }

    private void begin(ClusterRequest request, byte[] octets, Fields trailers, Answered listener) {
        promised--;
        try {
            send(listener.number, request, octets, trailers, listener);
        } catch (IllegalStateException e) {
            hold(-listener.octets);
            guest.facilities().logger().debug("call {} is not made", listener.number, e); // the balancer has closed
        }
    }

    private void send(int number, ClusterRequest request, byte[] octets, Fields trailers, Answered listener) {
        if (trailers.isEmpty()) {
            http.put(number, client().send(request.withBody(Unpooled.wrappedBuffer(octets)), listener));
            return;
        }
        ClusterCall call = client().send(request.withStreamedBody(), listener);
        http.put(number, call);
        call.write(Unpooled.wrappedBuffer(octets), false);
        call.writeTrailers(trailers);
    }

    private ClusterClient client() {
        return guest.facilities().clusters();
    }

    /** Hears of one answer. */
    private final class Answered implements ClusterClient.Listener {
        private final int number;
        private final int octets; // of the request
        private final @Nullable StreamContext stream;

        private Answered(int number, int octets, @Nullable StreamContext stream) {
            this.number = number;
            this.octets = octets;
            this.stream = stream;
        }

        @Override
        public void onResponse(ClusterResponse response) {
            initial = new FieldMap.OfResponse(response.head());
            trailing = new FieldMap.Plain(response.trailers());
            body = ByteBufUtil.getBytes(response.body());
            status = response.head().status();
            message = new byte[0];
            tell();
        }

        @Override
        public void onFailure(ProxyException reason) {
            initial = new FieldMap.Plain(new Fields());
            trailing = new FieldMap.Plain(new Fields());
            body = new byte[0];
            status = FAILED;
            message = String.valueOf(reason.getMessage()).getBytes(StandardCharsets.UTF_8);
            tell();
        }

        private void tell() {
            http.remove(number);
            hold(-octets);
            isGrpc = false;
            int fields = initial == null ? 0 : initial.size();
            int length = body == null ? 0 : body.length;
            int trailers = trailing == null ? 0 : trailing.size();
            guest.callFor(stream, Callback.HTTP_CALL_RESPONSE, ProxyGuest.ROOT, number, fields, length, trailers);
            clear();
        }
    }

    private void clear() {
        initial = null;
        trailing = null;
        body = null;
    }

    // ---- gRPC ----

    /** Has a call begin once the guest's own call is over; returns its number, or 0 if the guest asks for too much. */
    int open(GrpcCall.Plan plan) {
        int number = nextNumber();
        GrpcCall call = new GrpcCall(this, number, plan, guest.stream());
        int octets = plan.octets();
        if (!hasRoomFor(octets) || !guest.effects().add(octets, () -> begin(call))) {
            return 0;
        }
        hold(octets);
        grpc.put(number, call);
        return number;
    }

    private void begin(GrpcCall call) {
        try {
            call.begin(client());
        } catch (IllegalStateException e) {
            remove(call.number());
            guest.facilities().logger().debug("call {} is not made", call.number(), e); // the balancer has closed
        }
    }

    @Nullable GrpcCall find(int number) {
        return grpc.get(number);
    }

    void later(Runnable action) {
        guest.effects().add(action);
    }

    /** A call is over. */
    void remove(int number) {
        GrpcCall over = grpc.remove(number);
        if (over != null) {
            hold(-over.held());
        }
    }

    void tellInitial(GrpcCall call, Fields metadata) {
        isGrpc = true;
        initial = new FieldMap.Plain(metadata);
        guest.callFor(call.stream(), Callback.GRPC_INITIAL_METADATA, ProxyGuest.ROOT, call.number(), metadata.size());
        clear();
    }

    void tellMessage(GrpcCall call, byte[] octets) {
        isGrpc = true;
        body = octets;
        status = 0;
        guest.callFor(call.stream(), Callback.GRPC_RECEIVE, ProxyGuest.ROOT, call.number(), octets.length);
        clear();
    }

    void tellTrailing(GrpcCall call, Fields metadata) {
        isGrpc = true;
        trailing = new FieldMap.Plain(metadata);
        guest.callFor(call.stream(), Callback.GRPC_TRAILING_METADATA, ProxyGuest.ROOT, call.number(), metadata.size());
        clear();
    }

    void tellEnd(GrpcCall call, int grpcStatus, String grpcMessage) {
        remove(call.number());
        isGrpc = true;
        status = grpcStatus;
        message = grpcMessage.getBytes(StandardCharsets.UTF_8);
        guest.callFor(call.stream(), Callback.GRPC_CLOSE, ProxyGuest.ROOT, call.number(), grpcStatus);
        clear();
    }

    /** Gives everything up: nobody is left to hear of it. */
    void cancelAll() {
        http.values().forEach(ClusterCall::cancel);
        http.clear();
        grpc.values().forEach(GrpcCall::cancel);
        grpc.clear();
    }
}
