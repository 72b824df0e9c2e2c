package io.lb4j.plugins.kit;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Locale;
import java.util.Map;

/** How plugins refuse a request: in the way that the client expects, which for gRPC is a status in the head. */
public final class Refusal {
    private static final FieldName GRPC_STATUS = FieldName.of("grpc-status");
    private static final FieldName GRPC_MESSAGE = FieldName.of("grpc-message");
    private static final int GRPC_INTERNAL = 13;

    private static final Map<Integer, String> PHRASES = Map.of(
            400, "Bad Request",
            401, "Unauthorized",
            403, "Forbidden",
            404, "Not Found",
            413, "Content Too Large",
            414, "URI Too Long",
            415, "Unsupported Media Type",
            429, "Too Many Requests",
            431, "Request Header Fields Too Large",
            503, "Service Unavailable");

    /** What gRPC calls a status (its "Status codes and their use in gRPC"). */
    private static final Map<Integer, Integer> GRPC = Map.of(
            401, 16, // UNAUTHENTICATED
            403, 7, // PERMISSION_DENIED
            404, 12, // UNIMPLEMENTED
            413, 8, // RESOURCE_EXHAUSTED
            429, 8,
            503, 14); // UNAVAILABLE

    private static final String GRPC_WEB = "application/grpc-web";

    private Refusal() {}

    /** Answers a request with a status and a line of text. */
    public static void send(FilterExchange exchange, int status) {
        send(exchange, status, new Fields());
    }

    /**
     * Answers a request with a status, a line of text and further fields.
     *
     * @param more copied
     */
    public static void send(FilterExchange exchange, int status, Fields more) {
        ResponseHead head = new ResponseHead().status(status);
        head.fields().addAll(more);
        String phrase = PHRASES.getOrDefault(status, "Refused");
        if (isGrpc(exchange)) {
            head.status(200).fields().add(FieldName.CONTENT_TYPE, grpcType(exchange));
            head.fields().add(GRPC_STATUS, Integer.toString(GRPC.getOrDefault(status, GRPC_INTERNAL)));
            head.fields().add(GRPC_MESSAGE, phrase);
            exchange.reply(head, Unpooled.EMPTY_BUFFER);
            return;
        }
        head.fields().add(FieldName.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.reply(head, ByteBufUtil.writeAscii(UnpooledByteBufAllocator.DEFAULT, status + " " + phrase + "\n"));
    }

    /** Returns the type of an answer to a call of gRPC: what speaks gRPC-Web is answered in kind. */
    public static String grpcType(FilterExchange exchange) {
        String type = exchange.request().fields().value(FieldName.CONTENT_TYPE).orElse("");
        return type.toLowerCase(Locale.ROOT).startsWith(GRPC_WEB) ? type : "application/grpc";
    }

    /** Returns whether an exchange is a call of gRPC, or of gRPC-Web. */
    public static boolean isGrpc(FilterExchange exchange) {
        Fields fields = exchange.request().fields();
        int at = fields.indexOf(FieldName.CONTENT_TYPE);
        return at >= 0 && fields.valueStartsWithIgnoreCaseAt(at, "application/grpc");
    }
}
