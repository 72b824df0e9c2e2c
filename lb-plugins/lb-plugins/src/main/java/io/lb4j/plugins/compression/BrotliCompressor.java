package io.lb4j.plugins.compression;

import com.aayushatharva.brotli4j.encoder.BrotliEncoderChannel;
import com.aayushatharva.brotli4j.encoder.Encoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Brotli (RFC 7932) by brotli4j. Loaded only where that is there. */
final class BrotliCompressor implements Compressor {
    private static final int WINDOW_BITS = 19; // half a megabyte, for each body
    private static final int INPUT_OCTETS = 16_384;

    private final Sink sink = new Sink();
    private final BrotliEncoderChannel encoder;
    private boolean closed;

    /** Takes what the encoder gives, and puts it where the present call wants it. */
    private static final class Sink implements WritableByteChannel {
        private ByteBuf out = Unpooled.EMPTY_BUFFER;

        @Override
        public int write(ByteBuffer source) {
            int length = source.remaining();
            if (out != Unpooled.EMPTY_BUFFER) {
                out.writeBytes(source);
            } else {
                source.position(source.limit()); // of a body that was given up
            }
            return length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            // The buffer belongs to the caller.
        }
    }

    BrotliCompressor(int quality) {
        try {
            encoder = new BrotliEncoderChannel(sink, Encoder.Parameters.create(quality, WINDOW_BITS), INPUT_OCTETS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void compress(ByteBuf in, boolean end, ByteBuf out) {
        sink.out = out;
        try {
            boolean empty = !in.isReadable();
            for (ByteBuffer piece : in.nioBuffers()) {
                while (piece.hasRemaining()) {
                    encoder.write(piece);
                }
            }
            in.skipBytes(in.readableBytes());
            if (end) {
                closed = true;
                encoder.close();
            } else if (!empty) {
                encoder.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            sink.out = Unpooled.EMPTY_BUFFER;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                encoder.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
