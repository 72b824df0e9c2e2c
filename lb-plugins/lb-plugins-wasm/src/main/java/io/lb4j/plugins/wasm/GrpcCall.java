package io.lb4j.plugins.wasm;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ResponseListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call of gRPC that a guest makes: of one message each way, or a stream of them (gRPC over HTTP/2). A call hears of its message, or of its failure; a stream of everything. Confined
 * to the guest's event loop.
 */
final class GrpcCall implements ResponseListener {
    private static final FieldName GRPC_STATUS = FieldName.of("grpc-status");
    private static final FieldName GRPC_MESSAGE = FieldName.of("grpc-message");
    private static final int PREFIX = 5;
    private static final int MOST_OCTETS = 1 << 20;
    private static final int MOST_UNSENT = 4 << 20;
    private static final int OK = 0;
    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final Map<Integer, Integer> BY_STATUS =
            Map.of(400, INTERNAL, 401, 16, 403, 7, 404, 12, 429, 14, 502, 14, 503, 14, 504, 14);

    /**
     * What is asked.
     *
     * @param cluster who is asked
     * @param path service and method
     * @param metadata of the beginning
     * @param message the one message of a call; null for a stream
     * @param timeout until the end
     */
    record Plan(
            String cluster,
            String path,
            Fields metadata,
            @Nullable Octets message,
            Duration timeout) {
        /** Returns how many octets it holds. */
        int octets() {
            return metadata.listSize() + (message == null ? 0 : message.length());
        }
    }

    private final GuestCalls calls;
    private final int number;
    private final Plan plan;
    private final @Nullable StreamContext stream;
    private final List<Runnable> early = new ArrayList<>(); // what was asked for before the call began
    private @Nullable ClusterCall call;
    private @Nullable Fields headWithStatus; // for an endpoint that ends with nothing
    private byte[] pending = new byte[0]; // the beginning of a message
    private byte @Nullable [] answer; // of a call, until its status is known
    private long unsent; // octets that wait at the call
    private boolean over;

    GrpcCall(GuestCalls calls, int number, Plan plan, @Nullable StreamContext stream) {
        this.calls = calls;
        this.number = number;
        this.plan = plan;
        this.stream = stream;
    }

    int number() {
        return number;
    }

    @Nullable StreamContext stream() {
        return stream;
    }

    boolean isStream() {
        return plan.message() == null;
    }

    void begin(ClusterClient client) {
        if (over) {
            return; // cancelled before it began
        }
        RequestHead head = new RequestHead().method(Method.POST).target(plan.path());
        head.fields().addAll(plan.metadata());
        head.fields().set(FieldName.CONTENT_TYPE, "application/grpc").set(FieldName.TE, "trailers");
        ClusterRequest request = ClusterRequest.of(plan.cluster(), head).withTimeout(plan.timeout());
        Octets message = plan.message();
        if (message != null) {
            call = client.open(request.withBody(framed(message.array())), this);
            return;
        }
        call = client.open(request.withStreamedBody(), this);
        early.forEach(Runnable::run);
        early.clear();
    }

    private static ByteBuf framed(byte[] message) {
        return Unpooled.buffer(PREFIX + message.length)
                .writeByte(0)
                .writeInt(message.length)
                .writeBytes(message);
    }

    /** Returns whether a message of this length may be sent: what the endpoint does not take is held up to a limit. */
    boolean hasRoomFor(int octets) {
        return unsent + octets <= MOST_UNSENT && calls.hasRoomFor(octets);
    }

    /** Returns how many octets it holds. */
    long held() {
        return plan.octets() + unsent;
    }

    /** Sends a message on a stream. */
    void send(byte[] message, boolean end) {
        whenBegun(() -> write(framed(message), end));
    }

    /** Ends the guest's half of a stream. */
    void close() {
        whenBegun(() -> write(Unpooled.EMPTY_BUFFER, true));
    }

    private void write(ByteBuf data, boolean end) {
        if (call == null || over) {
            data.release();
            return;
        }
        if (!call.isWritable()) {
            unsent += data.readableBytes();
            calls.hold(data.readableBytes());
        }
        call.write(data, end);
    }

    private void whenBegun(Runnable action) {
        if (call == null) {
            early.add(action);
        } else {
            action.run();
        }
    }

    /** Gives the call up; the guest hears no more of it. */
    void cancel() {
        over = true;
        if (call != null) {
            call.cancel();
        }
    }

    // ---- what comes ----

    @Override
    public void onInformational(ResponseHead head) {
        // It says nothing to a call of gRPC.
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        if (over) {
            return;
        }
        if (head.status() != 200) {
            fail(BY_STATUS.getOrDefault(head.status(), UNKNOWN), "status: " + head.status() + " (expected: 200)");
            return;
        }
        if (end) {
            finish(head.fields());
            return;
        }
        if (head.fields().contains(GRPC_STATUS)) {
            headWithStatus = head.fields().copy();
        }
        if (isStream()) {
            calls.tellInitial(this, head.fields());
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        try {
            if (!over) {
                take(data);
            }
        } finally {
            data.release();
        }
        if (end && !over && headWithStatus != null) {
            finish(headWithStatus);
        } else if (end && !over) {
            fail(INTERNAL, "the response has no status");
        }
    }

    private void take(ByteBuf data) {
        byte[] octets = new byte[pending.length + data.readableBytes()];
        System.arraycopy(pending, 0, octets, 0, pending.length);
        data.readBytes(octets, pending.length, data.readableBytes());
        ByteBuf in = Unpooled.wrappedBuffer(octets);
        while (!over && in.readableBytes() >= PREFIX) {
            long length = in.getUnsignedInt(in.readerIndex() + 1);
            if (length > MOST_OCTETS || in.getByte(in.readerIndex()) != 0) {
                fail(
                        RESOURCE_EXHAUSTED,
                        "message: " + length + " octets, or compressed (expected: at most " + MOST_OCTETS
                                + ", as they are)");
                return;
            }
            if (in.readableBytes() < PREFIX + length) {
                break;
            }
            in.skipBytes(PREFIX);
            byte[] message = new byte[(int) length];
            in.readBytes(message);
            message(message);
        }
        pending = new byte[in.readableBytes()];
        in.readBytes(pending);
    }

    private void message(byte[] message) {
        if (isStream()) {
            calls.tellMessage(this, message);
        } else {
            answer = message;
        }
    }

    @Override
    public void onTrailers(Fields trailers) {
        if (!over) {
            finish(trailers);
        }
    }

    private void finish(Fields trailers) {
        String text = trailers.value(GRPC_STATUS).orElse("");
        int status = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : UNKNOWN;
        String message = trailers.value(GRPC_MESSAGE).orElse("");
        byte[] answered = answer;
        if (isStream()) {
            calls.tellTrailing(this, trailers);
            end(status, message);
        } else if (status == OK && answered != null) {
            over = true;
            calls.remove(number);
            calls.tellMessage(this, answered);
        } else {
            end(status == OK ? INTERNAL : status, message);
        }
    }

    @Override
    public void onFailure(ProxyException failure) {
        boolean late = failure.kind() == Kind.EXCHANGE_TIMEOUT;
        end(late ? DEADLINE_EXCEEDED : UNAVAILABLE, String.valueOf(failure.getMessage()));
    }

    private void fail(int status, String message) {
        if (call != null) {
            call.cancel();
        }
        end(status, message);
    }

    private void end(int status, String message) {
        if (!over) {
            over = true;
            calls.tellEnd(this, status, message);
        }
    }

    @Override
    public void onWritable() {
        if (!over) {
            calls.hold(-unsent);
        }
        unsent = 0;
    }
}
