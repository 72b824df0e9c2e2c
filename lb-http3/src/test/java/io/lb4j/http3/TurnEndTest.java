package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.quic.QuicStreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When streams send what they have written in a turn. */
final class TurnEndTest {
    private final Queue<Runnable> afterTurn = new ArrayDeque<>();
    private final TurnEnd turnEnd = new TurnEnd(afterTurn::add);
    private final List<String> sent = new ArrayList<>();
    private final StreamOutput output = new StreamOutput(new Stream());
    private final EmbeddedChannel stream = new EmbeddedChannel(new Wire(), output);
    private boolean goesOn;

    /** Has something more to write once all is taken. */
    private final class Stream implements StreamOutput.Events {
        @Override
        public void onBacklog(int change) {}

        @Override
        public void onOutputWaiting() {
            turnEnd.flush(output);
        }

        @Override
        public void onOutputWritable() {}

        @Override
        public void onOutputLow() {
            if (goesOn) {
                goesOn = false;
                write("more");
            }
        }

        @Override
        public void onOutputEnded() {}

        @Override
        public void onOutputFailed(Throwable cause) {}
    }

    /** Takes all at once. */
    private final class Wire extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            QuicStreamFrame frame = (QuicStreamFrame) message;
            sent.add(frame.content().toString(StandardCharsets.US_ASCII));
            frame.release();
            promise.setSuccess();
        }
    }

    @AfterEach
    void release() {
        stream.finishAndReleaseAll();
    }

    private void write(String text) {
        ByteBuf octets = ByteBufUtil.writeAscii(stream.alloc(), text);
        stream.pipeline().write(octets);
    }

    private void endTurn() {
        List<Runnable> due = new ArrayList<>(afterTurn);
        afterTurn.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void whatAStreamWritesInATurnGoesTogether() {
        write("head");
        write(" and body");
        assertThat(sent).isEmpty();
        assertThat(afterTurn).hasSize(1);

        endTurn();
        assertThat(sent).containsExactly("head and body");
    }

    /** A stream that was noted twice would send a second time in the same turn, by itself. */
    @Test
    void whatIsWrittenWhileATurnEndsWaitsForTheNext() {
        goesOn = true;
        write("head");
        write(" and body");

        endTurn();
        assertThat(sent).containsExactly("head and body");

        endTurn();
        assertThat(sent).containsExactly("head and body", "more");
    }
}
