package io.lb4j.plugins.compression;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Zstandard (RFC 8878) by zstd-jni, as one frame. Loaded only where that is there. */
final class ZstdCompressor implements Compressor {
    private static final int STEP = 8_192;
    private static final int WINDOW_BITS = 20; // a megabyte, for each body; RFC 9659 allows eight

    private final ZstdCompressCtx context = new ZstdCompressCtx();

    ZstdCompressor(int level) {
        context.setLevel(level).setWindowLog(WINDOW_BITS);
    }

    @Override
    public void compress(ByteBuf in, boolean end, ByteBuf out) {
        if (!in.isReadable() && !end) {
            return;
        }
        // The library takes direct buffers only.
        ByteBuf direct = in.isDirect() && in.nioBufferCount() == 1 ? in.retain() : copy(in, out);
        try {
            feed(direct.nioBuffer(), end ? EndDirective.END : EndDirective.FLUSH, out);
        } finally {
            direct.release();
        }
        in.skipBytes(in.readableBytes());
    }

    private static ByteBuf copy(ByteBuf in, ByteBuf out) {
        return out.alloc()
                .directBuffer(Math.max(1, in.readableBytes()))
                .writeBytes(in, in.readerIndex(), in.readableBytes());
    }

    private void feed(ByteBuffer source, EndDirective directive, ByteBuf out) {
        boolean done;
        do {
            out.ensureWritable(STEP);
            ByteBuffer room = out.nioBuffer(out.writerIndex(), out.writableBytes());
            done = context.compressDirectByteBufferStream(room, source, directive);
            out.writerIndex(out.writerIndex() + room.position());
        } while (!done);
    }

    @Override
    public void close() {
        context.close();
    }
}
