package io.lb4j.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;

/**
 * The far side of a connection on an embedded channel. It has an allocator of its own, so that what is not released shows when the
 * test is over.
 */
final class EmbeddedPeer implements AutoCloseable {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final StringBuilder output = new StringBuilder();

    EmbeddedPeer() {
        channel.config().setAllocator(allocator);
    }

    EmbeddedChannel channel() {
        return channel;
    }

    /** Sends octets. */
    void send(String text) {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] octets) {
        channel.writeInbound(buffer(octets));
        turn();
    }

    /** Sends octets one by one. */
    void sendSlowly(String text) {
        for (byte octet : text.getBytes(StandardCharsets.ISO_8859_1)) {
            send(new byte[] {octet});
        }
    }

    /** Lets the event loop do what it has to. */
    void turn() {
        channel.runPendingTasks();
        for (ByteBuf data = channel.readOutbound(); data != null; data = channel.readOutbound()) {
            output.append(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
        }
    }

    /** Returns all that came, the dates left out. */
    String received() {
        turn();
        return output.toString().replaceAll("date: [^\r]*\r\n", "");
    }

    /** Returns all that came. */
    String raw() {
        turn();
        return output.toString();
    }

    /** Returns what came since this was last asked. */
    String take() {
        String text = received();
        output.setLength(0);
        return text;
    }

    boolean isOpen() {
        turn();
        return channel.isOpen();
    }

    /** Closes the connection from the far side. */
    void disconnect() {
        channel.close().syncUninterruptibly();
        turn();
    }

    /** Closes the connection before anything that waits for the end of the turn is done. */
    void disconnectWithinTheTurn() {
        channel.unsafe().close(channel.voidPromise());
        turn();
    }

    ByteBuf buffer(byte[] octets) {
        return allocator.directBuffer(octets.length).writeBytes(octets);
    }

    ByteBuf buffer(String text) {
        return buffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Ends the connection, and fails if a buffer was lost on the way. */
    @Override
    public void close() {
        disconnect();
        channel.finishAndReleaseAll();
        assertThat(allocator.metric().usedDirectMemory())
                .as("direct memory not released")
                .isZero();
        assertThat(allocator.metric().usedHeapMemory())
                .as("heap memory not released")
                .isZero();
    }
}
