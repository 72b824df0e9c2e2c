package io.lb4j.testkit.http;

import io.lb4j.testkit.net.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** One connection of a {@link ScriptedUpstream}, from its first request to its end. Confined to its thread. */
final class UpstreamConnection {
    private static final Duration LINGER = Duration.ofSeconds(2);

    private final ScriptedUpstream upstream;
    private final Wire wire;
    private final int number;
    private final WireInput in;
    private final ResponseOutput out;
    private boolean nextIsPipelined;

    UpstreamConnection(ScriptedUpstream upstream, Wire wire, int number) {
        this.upstream = upstream;
        this.wire = wire;
        this.number = number;
        this.in = new WireInput(wire);
        this.out = new ResponseOutput(wire);
    }

    void serve() throws IOException {
        int served = 0;
        boolean open = true;
        while (open && served < upstream.settings().requestsPerConnection()) {
            served++;
            open = serveNext(served);
        }
    }

    WireInput input() {
        return in;
    }

    ResponseOutput output() {
        return out;
    }

    long releasesSince(RecordedRequest request) {
        return upstream.releases() - request.releasesBefore();
    }

    Fields fieldsOf(RecordedRequest request) {
        Fields fields = upstream.settings().name().isEmpty()
                ? Fields.none()
                : Fields.of("x-upstream", upstream.settings().name());
        return isLast(request) ? fields.and("connection", "close") : fields;
    }

    void finishResponse(RecordedRequest request, boolean requestIsRead) throws IOException {
        // Before the last byte goes out: a client that has not seen the whole response must not have sent more.
        if (requestIsRead && in.hasMore()) {
            nextIsPipelined = true;
            upstream.log().violation("bytes before the end of the response to " + request);
        }
        out.finish();
    }

    UpstreamExchange.Tunnel openTunnel(RecordedRequest request) throws IOException {
        finishResponse(request, true);
        return new OpenTunnel();
    }

    private boolean serveNext(int sequence) throws IOException {
        Optional<RequestHead> head;
        Framing framing;
        try {
            head = RequestHead.read(in);
            if (head.isEmpty()) {
                return false;
            }
            framing = Framing.ofRequest(head.get());
        } catch (MalformedMessage e) {
            refuse(sequence, e);
            return false;
        }
        var origin = new RecordedRequest.Origin(
                number, sequence, nextIsPipelined, wire.tls(), System.nanoTime(), upstream.releases());
        nextIsPipelined = false;
        RecordedRequest request =
                upstream.log().record(head.get(), origin, upstream.settings().keptBodyBytes());
        try {
            return play(request, new BodyReader(in, framing));
        } catch (MalformedMessage e) {
            refuse(sequence, e);
            return false;
        } finally {
            request.endEarly();
        }
    }

    private boolean play(RecordedRequest request, BodyReader body) throws IOException {
        UpstreamExchange exchange = new UpstreamExchange(request, this, body);
        try {
            upstream.reactionTo(request.head()).play(exchange);
            exchange.finish();
            return !isLast(request);
        } catch (ConnectionEnd e) {
            end(e.kind(), body);
            return false;
        } catch (RuntimeException e) {
            upstream.log().violation("the script failed on " + request + ": " + e);
            wire.abort();
            return false;
        }
    }

    private void end(Cut.Kind kind, BodyReader body) throws IOException {
        if (kind == Cut.Kind.RESET) {
            wire.abort();
            return;
        }
        out.flush();
        if (!body.isFinished()) {
            linger();
        }
        wire.close();
    }

    /** Closing with unread bytes would send an RST, and the peer could lose what it was sent before (RFC 9112 §9.6). */
    private void linger() throws IOException {
        wire.halfClose();
        wire.readTimeout(LINGER);
        byte[] dropped = new byte[16 * 1024];
        long end = System.nanoTime() + LINGER.toNanos();
        try {
            while (System.nanoTime() < end && wire.input().read(dropped) >= 0) {}
        } catch (IOException e) {
            // Time out or reset: the peer has had its chance.
            return;
        }
    }

    private void refuse(int sequence, MalformedMessage reason) throws IOException {
        upstream.log()
                .violation("malformed request " + sequence + " on connection " + number + ": " + reason.getMessage());
        out.write(AnswerWriter.latin1(AnswerWriter.startLine(400) + "connection: close\r\ncontent-length: 0\r\n\r\n"));
        out.flush();
        linger();
    }

    private static boolean isLast(RecordedRequest request) {
        return request.headers().lists("connection", "close")
                || request.head().version().equals("HTTP/1.0");
    }

    private final class OpenTunnel implements UpstreamExchange.Tunnel {
        @Override
        public int read(byte[] target) throws IOException {
            int count = in.read(target, 0, target.length, "tunnelled bytes");
            upstream.log().upgradedBytes(Math.max(count, 0));
            return count;
        }

        @Override
        public void write(byte[] bytes, int count) throws IOException {
            wire.output().write(bytes, 0, count);
        }

        @Override
        public Wire wire() {
            return wire;
        }
    }
}
