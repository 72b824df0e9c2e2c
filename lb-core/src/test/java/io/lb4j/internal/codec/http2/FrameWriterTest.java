package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameWriterTest {
    private static final int READ_BUFFER = 65_536;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 2_049, 17_000, 60_000})
    void keepsLittleAliveForAPeerThatTakesNothing(int pieceOctets) {
        ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel(handler) {
            @Override
            protected void doWrite(ChannelOutboundBuffer waiting) {
                // the peer's window is 0
            }
        };
        channel.config().setAllocator(allocator);
        FrameWriter writer = new FrameWriter(channel.pipeline().context(handler));
        long octets = 0;
        while (writer.isChannelWritable()) {
            ByteBuf read = allocator.directBuffer(READ_BUFFER, READ_BUFFER).writeZero(pieceOctets);
            writer.dataHeader(1, pieceOctets, false);
            writer.payload(read.readRetainedSlice(pieceOctets));
            read.release();
            writer.flush();
            octets += pieceOctets + FrameType.HEADER_OCTETS;
        }

        assertThat(allocator.metric().usedDirectMemory())
                .isLessThanOrEqualTo(octets * 8 / 7 + READ_BUFFER + FrameType.DEFAULT_MAX_FRAME);
        writer.release();
        channel.close();
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }
}
