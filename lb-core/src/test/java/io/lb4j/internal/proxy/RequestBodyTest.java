package io.lb4j.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResetCode;
import io.lb4j.spi.ClientStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBodyTest {
    private static final int KEPT = 65_536;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, false);
    private final RequestBody body = new RequestBody(KEPT);
    private final Sink stream = new Sink();
    private int next; // octet of the pattern

    @ParameterizedTest
    @CsvSource({"8, 1024", "50, 2048", "700, 65536", "17000, 65536", "60000, 65536"})
    void keepsLittleMoreAliveThanItHolds(int pieceOctets, int readBuffer) {
        while (body.bytes() + pieceOctets <= KEPT) {
            body.add(piece(pieceOctets, readBuffer), false);
            assertThat(used()).isLessThanOrEqualTo(body.bytes() * 3 / 2 + readBuffer + 16_384);
        }
        body.writeTo(stream);
        stream.assertReceived(body.bytes());

        assertThat(body.rewind()).isTrue();
        body.release();
        assertThat(used()).isZero();
    }

    @Test
    void repeatsWhatWasGatheredWhileItWasSent() {
        for (int i = 0; i < 50; i++) {
            body.add(piece(10 + i, 4_096), i == 49);
            if (i % 3 == 0) {
                body.writeTo(stream);
            }
        }
        body.writeTo(stream);
        stream.assertReceived(body.bytes());
        assertThat(stream.ends).isEqualTo(1);

        Sink second = new Sink();
        assertThat(body.rewind()).isTrue();
        body.writeTo(second);
        second.assertReceived(body.bytes());
        assertThat(second.ends).isEqualTo(1);
        body.release();
        assertThat(used()).isZero();
    }

    @Test
    void letsGoOfWhatWasSentOnceItIsTooMuchToRepeat() {
        body.add(piece(40_000, 65_536), false);
        body.writeTo(stream);
        body.add(piece(40_000, 65_536), false);
        assertThat(used()).isEqualTo(65_536);
        assertThat(body.rewind()).isFalse();
        body.writeTo(stream);
        stream.assertReceived(80_000);
        body.release();
        assertThat(used()).isZero();
    }

    /** Returns a slice of a read buffer, of which nothing else is left. */
    private ByteBuf piece(int octets, int readBuffer) {
        ByteBuf read = allocator.directBuffer(readBuffer, readBuffer);
        ByteBuf piece = read.writeBytes(octets(next, octets)).readRetainedSlice(octets);
        next += octets;
        read.release();
        return piece;
    }

    private static byte[] octets(int from, int count) {
        byte[] octets = new byte[count];
        for (int i = 0; i < count; i++) {
            octets[i] = (byte) ((from + i) * 31);
        }
        return octets;
    }

    private long used() {
        return allocator.metric().usedDirectMemory();
    }

    /** Takes what is sent at once. */
    private static final class Sink implements ClientStream {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private int ends;

        void assertReceived(long count) {
            assertThat(received.toByteArray()).isEqualTo(octets(0, (int) count));
        }

        @Override
        public void writeData(ByteBuf data, boolean end) {
            byte[] octets = new byte[data.readableBytes()];
            data.readBytes(octets);
            data.release();
            received.writeBytes(octets);
            ends += end ? 1 : 0;
        }

        @Override
        public void writeHead(RequestHead head, boolean end) {}

        @Override
        public void writeTrailers(Fields trailers) {}

        @Override
        public void reset(ResetCode code) {}

        @Override
        public boolean isWritable() {
            return true;
        }

        @Override
        public void pauseReading() {}

        @Override
        public void resumeReading() {}
    }
}
