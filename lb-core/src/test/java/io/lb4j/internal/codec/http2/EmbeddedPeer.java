package io.lb4j.internal.codec.http2;

import io.lb4j.internal.codec.http2.Frames.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The far end of an embedded channel: what it sends is read at once, and what it is sent can be asked for. */
final class EmbeddedPeer implements AutoCloseable {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Frames frames = new Frames();
    private final List<Frame> sent = new ArrayList<>();
    private int prefaceLeft;

    EmbeddedChannel channel() {
        return channel;
    }

    Frames frames() {
        return frames;
    }

    /** Expects octets that are no frames in front. */
    void expectPreface(int octets) {
        prefaceLeft = octets;
    }

    /** Sends each buffer as one read. */
    EmbeddedPeer send(ByteBuf... buffers) {
        for (ByteBuf buffer : buffers) {
            if (channel.isActive()) {
                channel.writeInbound(buffer);
            } else {
                buffer.release();
            }
        }
        runTasks();
        return this;
    }

    /** Sends all buffers as one read. */
    EmbeddedPeer sendTogether(ByteBuf... buffers) {
        return send(Unpooled.wrappedBuffer(buffers));
    }

    void runTasks() {
        channel.runPendingTasks();
        channel.runScheduledPendingTasks();
    }

    /** Returns the frames that were sent to the peer since the beginning. */
    List<Frame> received() {
        runTasks();
        ByteBuf octets = Unpooled.buffer();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            octets.writeBytes(part);
            part.release();
        }
        octets.skipBytes(takePreface(octets.readableBytes()));
        sent.addAll(Frames.parse(octets));
        return sent;
    }

    private int takePreface(int available) {
        int taken = Math.min(prefaceLeft, available);
        prefaceLeft -= taken;
        return taken;
    }

    List<Frame> received(Predicate<Frame> wanted) {
        return received().stream().filter(wanted).toList();
    }

    List<Frame> received(int type) {
        return received(frame -> frame.type() == type);
    }

    List<Frame> received(int type, int stream) {
        return received(frame -> frame.type() == type && frame.stream() == stream);
    }

    /** Returns the code of the reset of a stream, or null. */
    @Nullable Integer resetCode(int stream) {
        List<Frame> resets = received(FrameType.RST_STREAM, stream);
        return resets.isEmpty() ? null : resets.get(0).intAt(0);
    }

    /** Returns the code of the last GOAWAY, or null. */
    @Nullable Integer goAwayCode() {
        List<Frame> goodbyes = received(FrameType.GOAWAY);
        return goodbyes.isEmpty() ? null : goodbyes.get(goodbyes.size() - 1).intAt(4);
    }

    /** Returns the data of a stream, put together. */
    String body(int stream) {
        StringBuilder body = new StringBuilder();
        received(FrameType.DATA, stream).forEach(frame -> body.append(frame.text()));
        return body.toString();
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
