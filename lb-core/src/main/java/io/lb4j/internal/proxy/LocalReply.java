package io.lb4j.internal.proxy;

import io.lb4j.error.Kind;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.internal.snapshot.ForwardingRules;
import io.lb4j.spi.ServerStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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

    /** Writes an answer as a whole; the body, which is left out where the request was HEAD, is taken over. */
    static void write(ServerStream stream, ResponseHead head, ByteBuf body, boolean isHead) {
        boolean end = isHead || !body.isReadable();
        stream.writeHead(head, end);
        if (end) {
            body.release();
        } else {
            stream.writeData(body, true);
        }
    }

    /** Says who answers, where that is wanted and the answer does not say it itself. */
    static void sign(Fields fields, ForwardingRules rules) {
        Optional<String> server = rules.server();
        if (server.isPresent() && !fields.contains(FieldName.SERVER)) {
            fields.add(FieldName.SERVER, server.get());
        }
    }

    /**
     * Says a failure in the way the client expects: gRPC clients find the status in the head (a trailers-only response).
     *
     * @return the body, owned by the caller; may be empty
     */
    static ByteBuf fill(ResponseHead head, RequestHead request, ProxyException failure, ForwardingRules rules) {
        int status = StatusMapping.statusOf(failure.kind());
        if (rules.reasonHeader()) {
            head.fields().add(REASON, failure.kind().reason());
        }
        sign(head.fields(), rules);
        if (isGrpc(request.fields())) {
            head.status(200).fields().add(FieldName.CONTENT_TYPE, grpcType(request.fields()));
            head.fields().add(GRPC_STATUS, Integer.toString(StatusMapping.grpcStatusOf(failure)));
            head.fields().add(GRPC_MESSAGE, failure.kind().reason());
            return Unpooled.EMPTY_BUFFER;
        }
        head.status(status);
        if (status == 503) {
            head.fields().add(FieldName.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (failure.kind() == Kind.METHOD_NOT_ALLOWED) {
            head.fields().add(ALLOW, String.valueOf(failure.getMessage()));
        }
        String text = status + " " + PHRASES.getOrDefault(status, "Error") + "\n";
        head.fields().add(FieldName.CONTENT_TYPE, "text/plain; charset=utf-8");
        head.fields().add(FieldName.CONTENT_LENGTH, Integer.toString(text.length()));
        return ByteBufUtil.writeAscii(ByteBufAllocator.DEFAULT, text);
    }

    /** Returns the type of an answer to a call of gRPC: what speaks gRPC-Web is answered in kind. */
    private static String grpcType(Fields fields) {
        String type = fields.value(FieldName.CONTENT_TYPE).orElse("");
        return type.toLowerCase(Locale.ROOT).startsWith("application/grpc-web") ? type : "application/grpc";
    }

    static boolean isGrpc(Fields fields) {
        int at = fields.indexOf(FieldName.CONTENT_TYPE);
        return at >= 0 && fields.valueStartsWithIgnoreCaseAt(at, "application/grpc");
    }
}
