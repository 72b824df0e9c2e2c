package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.internal.loop.LoopContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What waits for a peer that takes nothing keeps hardly more memory alive than it has octets, however small it came in. */
class WireOutputTest {
    private static final int READ_BUFFER = 65_536;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);

    @ParameterizedTest
    @CsvSource({
        "1, LENGTH",
        "10, CHUNKED",
        "500, LENGTH",
        "1500, CHUNKED",
        "2000, LENGTH",
        "17000, CHUNKED",
        "60000, LENGTH"
    })
    void keepsLittleAliveForAPeerThatTakesNothing(int pieceOctets, BodyKind kind) {
        ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel(handler) {
            @Override
            protected void doWrite(ChannelOutboundBuffer waiting) {
                // the peer's window is 0
            }
        };
        channel.config().setAllocator(allocator);
        LoopContext loop = new LoopContext(channel.eventLoop(), 0);
        WireOutput output = new WireOutput(channel.pipeline().context(handler), loop.flusher(), () -> {});
        BodyWriter body = new BodyWriter(output, HeadWriter.ofThread());
        body.start(kind, Long.MAX_VALUE);
        while (output.isWritable()) {
            ByteBuf read = allocator.directBuffer(READ_BUFFER, READ_BUFFER).writeZero(pieceOctets);
            body.write(read.readRetainedSlice(pieceOctets), false);
            read.release();
            output.flushNow();
        }

        long octets = channel.unsafe().outboundBuffer().totalPendingWriteBytes();
        assertThat(allocator.metric().usedDirectMemory()).isLessThanOrEqualTo(octets * 8 / 7 + READ_BUFFER + 8_192);
        output.close();
        channel.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
