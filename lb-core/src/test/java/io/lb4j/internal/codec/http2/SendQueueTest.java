package io.lb4j.internal.codec.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for a window keeps hardly more memory alive than it has octets, however small the slices are that it came in. */
class SendQueueTest {
    private static final int READ_BUFFER = 65_536;
    private static final int QUEUED = 100_000;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);
    private final SendQueue queue = new SendQueue();
    private int next; // octet of the pattern

    @ParameterizedTest
    @ValueSource(ints = {9, 600, 1_500, 17_000, 40_000, 65_536})
    void gathersWhatHasWaitedForATurn(int sliceOctets) {
        for (int turn = 1; queue.octets() < QUEUED; turn++) {
            queue.add(slice(sliceOctets), turn);
            assertThat(used()).isLessThanOrEqualTo(queue.octets() * 5L / 4 + READ_BUFFER + 4_096);
        }

        assertSentWhole();
        assertThat(used()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"9, 16000", "2000, 10", "1000, 1100"})
    void gathersPiecesOfDifferentSizes(int oneSize, int otherSize) {
        for (int turn = 1; queue.octets() < QUEUED; turn++) {
            queue.add(slice(oneSize), turn);
            queue.add(slice(otherSize), turn);
            assertThat(used()).isLessThanOrEqualTo(queue.octets() * 5L / 4 + 2 * READ_BUFFER + 4_096);
        }

        assertSentWhole();
        assertThat(used()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 600})
    void gathersManySmallPiecesOfOneTurn(int sliceOctets) {
        ByteBuf read = allocator.directBuffer(READ_BUFFER, READ_BUFFER);
        while (read.writableBytes() >= sliceOctets) {
            read.writeBytes(octets(sliceOctets));
        }
        long before = used();
        while (read.readableBytes() >= sliceOctets) {
            queue.add(read.readRetainedSlice(sliceOctets), 1);
        }
        read.release();

        assertThat(used()).isLessThan(2 * before + 8_192);
        assertSentWhole();
        assertThat(used()).isZero();
    }

    /** Returns a slice of a read buffer, of which nothing else is left. */
    private ByteBuf slice(int octets) {
        ByteBuf read = allocator.directBuffer(READ_BUFFER, READ_BUFFER);
        ByteBuf slice = read.writeBytes(octets(octets)).readRetainedSlice(octets);
        read.release();
        return slice;
    }

    private byte[] octets(int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) (next++ * 31);
        }
        return octets;
    }

    private long used() {
        return allocator.metric().usedDirectMemory();
    }

    private void assertSentWhole() {
        int count = queue.octets();
        ChannelInboundHandlerAdapter handler = new ChannelInboundHandlerAdapter();
        EmbeddedChannel channel = new EmbeddedChannel(handler);
        FrameWriter writer = new FrameWriter(channel.pipeline().context(handler));
        while (queue.octets() > 0) {
            queue.writeTo(writer, Math.min(queue.octets(), 16_384));
        }
        writer.flush();
        writer.release();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            sent.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }
        next = 0;
        assertThat(sent.toByteArray()).isEqualTo(octets(count));
        channel.finishAndReleaseAll();
    }
}
