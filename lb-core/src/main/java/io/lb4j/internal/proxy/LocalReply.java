package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.ServerStream;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.util.Map;

/** Answers that are made here: a status, a reason in one word, and a line of text for people. */
final class LocalReply {
    /** Says in one word why an answer was made here and not by an endpoint. */
    static final FieldName REASON = FieldName.of("x-lb4j-reason");

    private static final FieldName ALLOW = FieldName.of("allow");
    private static final FieldName GRPC_STATUS = FieldName.of("grpc-status");
    private static final FieldName GRPC_MESSAGE = FieldName.of("grpc-message");
    private static final String RETRY_AFTER_SECONDS = "1";
    private static final Map<Integer, String> PHRASES = Map.ofEntries(
            Map.entry(400, "Bad Request"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(408, "Request Timeout"),
            Map.entry(413, "Content Too Large"),
            Map.entry(414, "URI Too Long"),
            Map.entry(417, "Expectation Failed"),
            Map.entry(421, "Misdirected Request"),
            Map.entry(425, "Too Early"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(504, "Gateway Timeout"),
            Map.entry(505, "HTTP Version Not Supported"));

    private LocalReply() {}

    /** Answers a failure in the way the client expects: gRPC clients find the status in the head (a trailers-only response). */
    static void write(ServerStream stream, RequestHead request, ProxyException failure, boolean saysReason) {
        int status = StatusMapping.statusOf(failure.kind());
        ResponseHead head = new ResponseHead();
        if (saysReason) {
            head.fields().add(REASON, failure.kind().reason());
        }
        if (isGrpc(request.fields())) {
            head.status(200).fields().add(FieldName.CONTENT_TYPE, "application/grpc");
            head.fields().add(GRPC_STATUS, Integer.toString(StatusMapping.grpcStatusOf(status)));
            head.fields().add(GRPC_MESSAGE, failure.kind().reason());
            stream.writeHead(head, true);
            return;
        }
        head.status(status);
        if (status == 503) {
            head.fields().add(FieldName.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (failure.kind() == Kind.METHOD_NOT_ALLOWED) {
            head.fields().add(ALLOW, String.valueOf(failure.getMessage()));
        }
        writeText(stream, request, head, status + " " + PHRASES.getOrDefault(status, "Error") + "\n");
    }

    private static void writeText(ServerStream stream, RequestHead request, ResponseHead head, String text) {
        head.fields().add(FieldName.CONTENT_TYPE, "text/plain; charset=utf-8");
        head.fields().add(FieldName.CONTENT_LENGTH, Integer.toString(text.length()));
        if (request.method() == Method.HEAD) {
            stream.writeHead(head, true);
            return;
        }
        stream.writeHead(head, false);
        stream.writeData(ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text), true);
    }

    static boolean isGrpc(Fields fields) {
        int at = fields.indexOf(FieldName.CONTENT_TYPE);
        return at >= 0 && fields.valueAt(at).startsWith("application/grpc");
    }
}
