package io.lb4j.testkit.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** Sends back what comes, while it comes. */
final class Echo {
    private Echo() {}

    static void play(UpstreamExchange exchange) throws IOException {
        exchange.invite();
        boolean chunked = !exchange.bodyLengthIsKnown();
        exchange.answer(head(exchange, chunked));
        if (exchange.request().method().equals("HEAD")) {
            exchange.readBody();
            return;
        }
        byte[] piece = new byte[16 * 1024];
        for (int count = exchange.readBody(piece); count >= 0; count = exchange.readBody(piece)) {
            exchange.write(chunked ? chunk(piece, count) : Arrays.copyOf(piece, count));
            // The last piece stays back: see ResponseOutput.
            if (exchange.hasBodyLeft()) {
                exchange.flush();
            }
        }
        if (chunked) {
            StringBuilder end = new StringBuilder("0\r\n");
            AnswerWriter.append(end, exchange.request().trailers());
            exchange.write(AnswerWriter.latin1(end.append("\r\n").toString()));
        }
    }

    static void tunnel(UpstreamExchange.Tunnel tunnel) throws IOException {
        byte[] bytes = new byte[16 * 1024];
        for (int count = tunnel.read(bytes); count >= 0; count = tunnel.read(bytes)) {
            tunnel.write(bytes, count);
        }
        throw new ConnectionEnd(Cut.Kind.FIN);
    }

    private static Answer head(UpstreamExchange exchange, boolean chunked) {
        RequestHead request = exchange.request().head();
        Answer answer = Answer.status(200)
                .unframed()
                .header("x-echo-method", request.method())
                .header("x-echo-target", request.target());
        for (Fields.Field field : request.fields()) {
            answer = answer.header("x-echo-" + field.name().toLowerCase(Locale.ROOT), field.value());
        }
        return chunked
                ? answer.header("transfer-encoding", "chunked")
                : answer.header(
                        "content-length",
                        request.fields().first("content-length").orElse("0"));
    }

    private static byte[] chunk(byte[] piece, int count) {
        byte[] size = AnswerWriter.latin1(Integer.toHexString(count) + "\r\n");
        byte[] chunk = Arrays.copyOf(size, size.length + count + 2);
        System.arraycopy(piece, 0, chunk, size.length, count);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return chunk;
    }
}
