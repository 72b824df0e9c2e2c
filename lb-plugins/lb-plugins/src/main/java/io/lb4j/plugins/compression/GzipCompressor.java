package io.lb4j.plugins.compression;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** GZIP (RFC 1952) by the JDK's zlib. */
final class GzipCompressor implements Compressor {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff};
    private static final int STEP = 8_192;

    private final Deflater deflater;
    private final CRC32 sum = new CRC32();
    private boolean begun;

    GzipCompressor(int level) {
        deflater = new Deflater(level, true);
    }

    @Override
    public void compress(ByteBuf in, boolean end, ByteBuf out) {
        if (!begun) {
            begun = true;
            out.writeBytes(HEADER);
        }
        boolean empty = !in.isReadable();
        for (ByteBuffer piece : in.nioBuffers()) {
            sum.update(piece.duplicate());
            deflater.setInput(piece);
            while (!deflater.needsInput()) {
                deflate(out, Deflater.NO_FLUSH);
            }
        }
        in.skipBytes(in.readableBytes());
        if (end) {
            finish(out);
        } else if (!empty) {
            flush(out);
        }
    }

    private int deflate(ByteBuf out, int flush) {
        out.ensureWritable(STEP);
        int written = deflater.deflate(out.internalNioBuffer(out.writerIndex(), out.writableBytes()), flush);
        out.writerIndex(out.writerIndex() + written);
        return written;
    }

    /** A call that does not fill its room has flushed everything. */
    private void flush(ByteBuf out) {
        int room;
        do {
            out.ensureWritable(STEP);
            room = out.writableBytes();
        } while (deflate(out, Deflater.SYNC_FLUSH) == room);
    }

    private void finish(ByteBuf out) {
        deflater.finish();
        while (!deflater.finished()) {
            deflate(out, Deflater.NO_FLUSH);
        }
        out.writeIntLE((int) sum.getValue());
        out.writeIntLE((int) deflater.getBytesRead());
    }

    @Override
    public void close() {
        deflater.end();
    }
}
