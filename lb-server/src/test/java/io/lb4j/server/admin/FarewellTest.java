package io.lb4j.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a client is listened to that has been refused: it has to hear of it, and may not stay for ever. */
final class FarewellTest {
    private static final int PIECE = 1 << 20;

    private final ChannelInboundHandlerAdapter last = new ChannelInboundHandlerAdapter();
    private final EmbeddedChannel channel = new EmbeddedChannel(last);

    @BeforeEach
    void refuse() {
        channel.freezeTime();
        ChannelHandlerContext ctx = channel.pipeline().context(last);
        Farewell.after(ctx.writeAndFlush(Unpooled.copyInt(1)), ctx);
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void passes(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    private void hear(int octets) {
        channel.writeOneInbound(Unpooled.buffer(octets).writeZero(octets));
    }

    @Test
    void oneThatIsSilentIsLetGoOf() {
        passes(Farewell.SILENCE.toMillis() - 1);
        assertThat(channel.isOpen()).isTrue();
        passes(1);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void oneThatSendsOnIsListenedToAndNotForEver() {
        for (long passed = 0; passed < Farewell.LONGEST.toMillis() - 1000; passed += 1000) {
            hear(1);
            passes(1000);
            assertThat(channel.isOpen()).as("after %d ms", passed).isTrue();
        }
        passes(1000);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void whatIsSentIsThrownAwayUpToABound() {
        for (long sent = 0; sent < Farewell.MAX_OCTETS; sent += PIECE) {
            hear(PIECE);
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(channel.<Object>readInbound()).isNull();
        hear(1);
        assertThat(channel.isOpen()).isFalse();
    }
}
