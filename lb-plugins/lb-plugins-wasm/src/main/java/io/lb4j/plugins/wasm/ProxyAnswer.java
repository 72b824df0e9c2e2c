package io.lb4j.plugins.wasm;

import io.lb4j.http.FieldName;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * An answer that a guest gives in the endpoint's place. Calls of gRPC are answered in their own way: the status is in a field, and so is the text.
 *
 * @param head with the guest's fields
 * @param body as it is, or the text of a call of gRPC
 * @param grpcStatus what a call of gRPC is told; -1 for what the status of HTTP stands for
 */
record ProxyAnswer(ResponseHead head, Octets body, int grpcStatus) {
    private static final FieldName GRPC_STATUS = FieldName.of("grpc-status");
    private static final FieldName GRPC_MESSAGE = FieldName.of("grpc-message");
    private static final int UNKNOWN = 2;
    private static final int PRINTABLE_FROM = 0x20;
    private static final int PRINTABLE_TO = 0x7e;

    /** What a status of HTTP stands for in gRPC (its "HTTP to gRPC Status Code Mapping"). */
    private static final Map<Integer, Integer> BY_STATUS =
            Map.of(200, 0, 400, 13, 401, 16, 403, 7, 404, 12, 429, 14, 502, 14, 503, 14, 504, 14);

    void send(FilterExchange exchange) {
        if (!Refusal.isGrpc(exchange)) {
            exchange.reply(head, Unpooled.wrappedBuffer(body.array()));
            return;
        }
        int status = grpcStatus < 0 ? BY_STATUS.getOrDefault(head.status(), UNKNOWN) : grpcStatus;
        head.status(200);
        head.fields().set(FieldName.CONTENT_TYPE, Refusal.grpcType(exchange));
        head.fields().set(GRPC_STATUS, Integer.toString(status));
        if (body.length() > 0) {
            head.fields().set(GRPC_MESSAGE, percentEncoded());
        }
        exchange.reply(head, Unpooled.EMPTY_BUFFER);
    }

    private String percentEncoded() {
        StringBuilder text = new StringBuilder();
        for (byte each : body.array()) {
            if (each >= PRINTABLE_FROM && each <= PRINTABLE_TO && each != '%') {
                text.append((char) each);
            } else {
                text.append(String.format("%%%02X", each & 0xff));
            }
        }
        return text.toString();
    }

    /** Returns the text that a guest gives for logs, fit for a line. */
    static String details(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
    }
}
