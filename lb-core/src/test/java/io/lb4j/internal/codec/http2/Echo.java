package io.lb4j.internal.codec.http2;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.RequestReceiver;
import io.lb4j.spi.ServerStream;
import io.lb4j.spi.StreamListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Answers every request with 200: with its own body and trailers where it has one, with a fixed body where not. */
final class Echo implements RequestReceiver {
    static final String BODY = "a body that is long enough to be split by small windows\n";

    @Override
    public StreamListener onRequest(ServerStream stream, RequestHead head, boolean end) {
        ResponseHead response = new ResponseHead();
        response.fields().add("server", "echo").add("content-type", "text/plain");
        if (head.isUpgrade()) {
            response.status(101);
        }
        stream.writeHead(response, false);
        if (end) {
            stream.writeData(Unpooled.copiedBuffer(BODY, StandardCharsets.US_ASCII), true);
        }
        return new Body(stream);
    }

    @Override
    public void onRefusal(ServerStream stream, RequestHead head, ProxyException refusal) {
        ResponseHead response = new ResponseHead().status(statusOf(refusal.kind()));
        response.fields().add("x-reason", refusal.kind().reason());
        stream.writeHead(response, true);
    }

    private static int statusOf(Kind kind) {
        return switch (kind) {
            case HEADERS_TOO_LARGE -> 431;
            case TARGET_TOO_LONG -> 414;
            case EXPECTATION_FAILED -> 417;
            case NOT_IMPLEMENTED -> 501;
            default -> 400;
        };
    }

    private record Body(ServerStream stream) implements StreamListener {
        @Override
        public void onData(ByteBuf data, boolean end) {
            stream.writeData(data, end);
            if (!stream.isWritable()) {
                stream.pauseReading();
            }
        }

        @Override
        public void onTrailers(Fields trailers) {
            stream.writeTrailers(trailers);
        }

        @Override
        public void onFailure(ProxyException failure) {
            // the stream is gone, and with it what was to be written
        }

        @Override
        public void onWritable() {
            stream.resumeReading();
        }
    }
}
