package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Turns received frames into records, and notes what the peer does wrong without acting on it: a test asks for the
 * violations, and the connection goes on as far as it can. Confined to the reading thread, except where noted.
 */
final class FrameReceiver {
    private static final int DEFAULT_FRAME_BYTES = 16_384;
    private static final int DEFAULT_TABLE_BYTES = 4_096;
    // RFC 9113 §8.2.2.
    private static final Set<String> CONNECTION_FIELDS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final H2Endpoint endpoint;
    private final H2Endpoint.HeadersListener listener;
    private final HeaderDecoder decoder = new HeaderDecoder();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();
    private Optional<Frame> openBlock = Optional.empty();
    private long connectionWindow = SendWindows.DEFAULT; // guarded by this
    private boolean settingsAcknowledged; // guarded by this

    FrameReceiver(H2Endpoint endpoint, H2Endpoint.HeadersListener listener) {
        this.endpoint = endpoint;
        this.listener = listener;
    }

    /** For any thread. */
    synchronized int initialReceiveWindow() {
        int announced = endpoint.options().value(H2Options.INITIAL_WINDOW_SIZE, SendWindows.DEFAULT);
        // Until it acknowledges, the peer may not know of a smaller window.
        return settingsAcknowledged ? announced : Math.max(announced, SendWindows.DEFAULT);
    }

    /** For any thread. */
    synchronized void opened(int increment) {
        connectionWindow += increment;
    }

    void receive(Frame frame) throws IOException {
        int bound = endpoint.options().value(H2Options.MAX_FRAME_SIZE, DEFAULT_FRAME_BYTES);
        check(frame.length() <= bound, frame + " (expected: at most " + bound + " bytes)");
        boolean continues = frame.is(FrameType.CONTINUATION);
        check(
                openBlock.isPresent() == continues
                        && openBlock.map(Frame::stream).orElse(frame.stream()) == frame.stream(),
                frame + " (unfinished field section: " + openBlock + ")");
        switch (frame.typeCode()) {
            case 0x0 -> data(frame);
            case 0x1 -> headers(frame);
            case 0x3 -> endpoint.stream(frame.stream()).reset(frame.error());
            case 0x4 -> settings(frame);
            case 0x6 -> ping(frame);
            case 0x8 -> endpoint.windows().opened(frame.stream(), frame.intAt(0));
            case 0x9 -> continuation(frame);
            default -> {
                // GOAWAY, PRIORITY and unknown types need no reaction: the test finds them in the queue.
            }
        }
    }

    private void data(Frame frame) throws IOException {
        StreamRecord stream = endpoint.stream(frame.stream());
        check(!stream.isEnded() && !stream.sections().isEmpty(), frame + " outside the body of its stream");
        byte[] bytes = unpadded(frame, 0);
        boolean fits = stream.data(bytes, frame.length());
        synchronized (this) {
            connectionWindow -= frame.length();
            fits &= connectionWindow >= 0;
        }
        check(fits, frame + " beyond the flow-control window");
        if (frame.has(Frame.END_STREAM)) {
            stream.end();
        }
        if (endpoint.options().isOpeningWindows()) {
            endpoint.open(stream, stream.isPulling() ? frame.length() - bytes.length : frame.length());
        }
    }

    private void headers(Frame frame) throws IOException {
        block.reset();
        block.writeBytes(unpadded(frame, frame.has(Frame.PRIORITY) ? 5 : 0));
        openBlock = Optional.of(frame);
        if (frame.has(Frame.END_HEADERS)) {
            endHeaders(frame);
        }
    }

    private void continuation(Frame frame) throws IOException {
        block.writeBytes(frame.payload());
        if (frame.has(Frame.END_HEADERS) && openBlock.isPresent()) {
            endHeaders(openBlock.get());
        }
    }

    private void endHeaders(Frame begin) throws IOException {
        openBlock = Optional.empty();
        StreamRecord stream = endpoint.stream(begin.stream());
        check(!stream.isEnded(), begin + " after the end of its stream");
        Fields fields = decoder.decode(begin.stream(), block.toByteArray());
        checkFields(begin, fields);
        boolean first = stream.sections().isEmpty();
        stream.section(fields);
        if (begin.has(Frame.END_STREAM)) {
            stream.end();
        }
        listener.onHeaders(stream, first);
    }

    private void settings(Frame frame) throws IOException {
        if (frame.has(Frame.ACK)) {
            synchronized (this) {
                settingsAcknowledged = true;
            }
            // Not before: until then the peer may still use a table of the default size.
            decoder.tableSize(endpoint.options().value(H2Options.HEADER_TABLE_SIZE, DEFAULT_TABLE_BYTES));
            return;
        }
        for (int at = 0; at + 6 <= frame.length(); at += 6) {
            byte[] payload = frame.payload();
            int id = (payload[at] & 0xff) << 8 | (payload[at + 1] & 0xff);
            int value = frame.intAt(at + 2);
            if (id == H2Options.INITIAL_WINDOW_SIZE) {
                endpoint.windows().initial(value);
            }
            if (id == H2Options.MAX_FRAME_SIZE) {
                endpoint.windows().frameBytes(value);
            }
        }
        if (endpoint.options().isAcknowledging()) {
            endpoint.send(Frame.settingsAck());
        }
    }

    private void ping(Frame frame) throws IOException {
        if (!frame.has(Frame.ACK) && endpoint.options().isAnsweringPings()) {
            endpoint.send(Frame.of(FrameType.PING, Frame.ACK, 0, frame.payload()));
        }
    }

    private byte[] unpadded(Frame frame, int skipped) {
        byte[] payload = frame.payload();
        int from = frame.has(Frame.PADDED) ? 1 : 0;
        int padding = from == 1 ? payload[0] & 0xff : 0;
        return Arrays.copyOfRange(payload, from + skipped, payload.length - padding);
    }

    private void checkFields(Frame begin, Fields fields) {
        boolean regular = false;
        for (Fields.Field field : fields) {
            boolean pseudo = field.name().startsWith(":");
            check(!pseudo || !regular, begin + ": " + field + " after regular fields");
            check(field.name().equals(field.name().toLowerCase(Locale.ROOT)), begin + ": upper case in " + field);
            check(!CONNECTION_FIELDS.contains(field.name()), begin + ": connection-specific " + field);
            regular |= !pseudo;
        }
    }

    private void check(boolean claim, String otherwise) {
        if (!claim) {
            endpoint.violation(otherwise);
        }
    }
}
