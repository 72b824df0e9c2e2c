package io.lb4j.testkit.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Writes one {@link Answer} as HTTP/1.1. */
final class AnswerWriter {
    private final ResponseOutput out;
    private final Answer answer;

    AnswerWriter(ResponseOutput out, Answer answer) {
        this.out = out;
        this.answer = answer;
    }

    /** Writes head and body; {@code extra} are the fields that the connection adds. */
    void write(String method, Fields extra) throws IOException {
        out.cutAt(answer.delivery().cut());
        int status = answer.status();
        boolean bodiless = status == 204 || status == 304 || status / 100 == 1;
        writeHead(status, extra, bodiless);
        if (!bodiless && !method.equals("HEAD")) {
            writeBody();
        }
        if (answer.delivery().framing() == Delivery.Framing.CLOSE) {
            throw new ConnectionEnd(Cut.Kind.FIN);
        }
    }

    private void writeHead(int status, Fields extra, boolean bodiless) throws IOException {
        StringBuilder head = new StringBuilder(startLine(status));
        append(head, extra);
        append(head, answer.fields());
        if (!bodiless) {
            head.append(framingLine());
        }
        out.write(latin1(head.append("\r\n").toString()));
    }

    private String framingLine() {
        return switch (answer.delivery().framing()) {
            case LENGTH -> "content-length: " + answer.content().length() + "\r\n";
            case CHUNKED -> "transfer-encoding: chunked\r\n";
            case CLOSE -> "connection: close\r\n";
            case NONE -> "";
        };
    }

    private void writeBody() throws IOException {
        boolean chunked = answer.delivery().framing() == Delivery.Framing.CHUNKED;
        Pieces pieces = new Pieces(chunked);
        answer.content().source().writeTo(pieces);
        pieces.end();
        if (chunked) {
            StringBuilder end = new StringBuilder("0\r\n");
            append(end, answer.trailers());
            out.write(latin1(end.append("\r\n").toString()));
        }
    }

    static String startLine(int status) {
        return String.format(Locale.ROOT, "HTTP/1.1 %03d %s\r\n", status, reason(status));
    }

    static void append(StringBuilder text, Fields fields) {
        for (Fields.Field field : fields) {
            text.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String reason(int status) {
        return switch (status) {
            case 100 -> "Continue";
            case 101 -> "Switching Protocols";
            case 103 -> "Early Hints";
            case 200 -> "OK";
            case 204 -> "No Content";
            case 304 -> "Not Modified";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "Status " + status;
        };
    }

    /** Cuts the body into pieces, each a chunk if chunked, with the pause of the delivery between them. */
    private final class Pieces extends OutputStream {
        private final boolean chunked;
        private final byte[] piece = new byte[answer.delivery().pieceBytes()];
        private long left = answer.delivery().bodyBound().orElse(Long.MAX_VALUE);
        private int filled;
        private boolean first = true;

        Pieces(boolean chunked) {
            this.chunked = chunked;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            for (int done = 0; done < count; ) {
                int copied = (int) Math.min(left, Math.min(count - done, piece.length - filled));
                System.arraycopy(bytes, offset + done, piece, filled, copied);
                done += copied;
                filled += copied;
                left -= copied;
                if (left == 0 || filled == piece.length) {
                    send();
                }
            }
        }

        void end() throws IOException {
            send();
            if (answer.delivery().bodyBound().isPresent()) {
                breakOff();
            }
        }

        private void send() throws IOException {
            if (filled > 0) {
                paceBeforeAllButFirst();
                if (chunked) {
                    out.write(latin1(Integer.toHexString(filled) + "\r\n"));
                }
                out.write(piece, 0, filled);
                if (chunked) {
                    out.write(latin1("\r\n"));
                }
                filled = 0;
            }
            if (left == 0) {
                breakOff();
            }
        }

        private void paceBeforeAllButFirst() throws IOException {
            long pauseNanos = answer.delivery().pause().toNanos();
            if (!first && pauseNanos > 0) {
                out.flush();
                LockSupport.parkNanos(pauseNanos);
            }
            first = false;
        }

        private void breakOff() throws IOException {
            out.flush();
            throw new ConnectionEnd(Cut.Kind.FIN);
        }
    }
}
