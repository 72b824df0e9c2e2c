package io.lb4j.internal.codec.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes and reads frames octet by octet, with another implementation's HPACK. Holds the compression state of one connection. */
final class Frames {
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

    /** A frame as it came. */
    @SuppressWarnings("ArrayRecordComponent") // read by tests alone, and never compared
    record Frame(int type, int flags, int stream, byte[] payload) {
        boolean ends() {
            return (flags & FrameType.FLAG_END_STREAM) != 0;
        }

        int intAt(int offset) {
            return Octets.int32(payload, offset);
        }

        String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }

        @Override
        public String toString() {
            return "type " + type + ", flags " + flags + ", stream " + stream + ", " + payload.length + " octets";
        }
    }

    static ByteBuf frame(int type, int flags, int stream, byte... payload) {
        return Unpooled.buffer(9 + payload.length)
                .writeMedium(payload.length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(stream)
                .writeBytes(payload);
    }

    static ByteBuf preface() {
        return Unpooled.copiedBuffer(FrameReader.PREFACE);
    }

    static ByteBuf settings(int... idsAndValues) {
        ByteBuf payload = Unpooled.buffer();
        for (int i = 0; i < idsAndValues.length; i += 2) {
            payload.writeShort(idsAndValues[i]).writeInt(idsAndValues[i + 1]);
        }
        return frame(FrameType.SETTINGS, 0, 0, octets(payload));
    }

    static ByteBuf settingsAck() {
        return frame(FrameType.SETTINGS, FrameType.FLAG_ACK, 0);
    }

    static ByteBuf ping(boolean ack, long opaque) {
        return frame(
                FrameType.PING,
                ack ? FrameType.FLAG_ACK : 0,
                0,
                octets(Unpooled.buffer().writeLong(opaque)));
    }

    static ByteBuf windowUpdate(int stream, int increment) {
        return frame(
                FrameType.WINDOW_UPDATE, 0, stream, octets(Unpooled.buffer().writeInt(increment)));
    }

    static ByteBuf reset(int stream, int code) {
        return frame(FrameType.RST_STREAM, 0, stream, octets(Unpooled.buffer().writeInt(code)));
    }

    static ByteBuf goAway(int lastStream, int code) {
        return frame(
                FrameType.GOAWAY,
                0,
                0,
                octets(Unpooled.buffer().writeInt(lastStream).writeInt(code)));
    }

    static ByteBuf data(int stream, String text, boolean end) {
        return data(stream, text.getBytes(StandardCharsets.ISO_8859_1), end);
    }

    static ByteBuf data(int stream, byte[] octets, boolean end) {
        return frame(FrameType.DATA, end ? FrameType.FLAG_END_STREAM : 0, stream, octets);
    }

    /** Returns a header block of names and values. */
    byte[] block(String... namesAndValues) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        ByteBuf out = Unpooled.buffer();
        try {
            encoder.encodeHeaders(1, headers, out);
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
        return octets(out);
    }

    /** Returns a header block of literals in exactly this order, which needs no table and heeds no rule. */
    static byte[] literals(String... namesAndValues) {
        ByteBuf out = Unpooled.buffer();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                out.writeByte(0);
            }
            out.writeByte(namesAndValues[i].length()); // below 127
            out.writeCharSequence(namesAndValues[i], StandardCharsets.ISO_8859_1);
        }
        return octets(out);
    }

    ByteBuf headers(int stream, boolean end, String... namesAndValues) {
        int flags = FrameType.FLAG_END_HEADERS | (end ? FrameType.FLAG_END_STREAM : 0);
        return frame(FrameType.HEADERS, flags, stream, block(namesAndValues));
    }

    ByteBuf get(int stream, String path) {
        return headers(stream, true, ":method", "GET", ":scheme", "http", ":authority", "a.example", ":path", path);
    }

    ByteBuf post(int stream, String... more) {
        List<String> all = new ArrayList<>(
                List.of(":method", "POST", ":scheme", "http", ":authority", "a.example", ":path", "/upload"));
        all.addAll(List.of(more));
        return headers(stream, false, all.toArray(new String[0]));
    }

    /** Reads a header block as lines of {@code name: value}. */
    List<String> lines(byte[] block) {
        try {
            Http2Headers headers = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block));
            List<String> lines = new ArrayList<>();
            headers.forEach(field -> lines.add(field.getKey() + ": " + field.getValue()));
            return lines;
        } catch (Http2Exception e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Takes octets apart into frames and releases them. */
    static List<Frame> parse(ByteBuf octets) {
        try {
            List<Frame> frames = new ArrayList<>();
            while (octets.isReadable()) {
                int length = octets.readUnsignedMedium();
                int type = octets.readUnsignedByte();
                int flags = octets.readUnsignedByte();
                int stream = octets.readInt();
                byte[] payload = new byte[length];
                octets.readBytes(payload);
                frames.add(new Frame(type, flags, stream, payload));
            }
            return frames;
        } finally {
            octets.release();
        }
    }

    static byte[] octets(ByteBuf buffer) {
        try {
            byte[] octets = new byte[buffer.readableBytes()];
            buffer.readBytes(octets);
            return octets;
        } finally {
            buffer.release();
        }
    }
}
