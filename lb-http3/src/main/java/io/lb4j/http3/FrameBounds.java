package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows where frames begin and end on a stream, and finds out what the codec tells nobody: that the stream ends within a frame, so that its message is not whole, and the connection is to end for it
 * (RFC 9114 §7.1); and frames of types that the codec knows nothing of and skips. Stands before the codec; confined to the event loop.
 */
final class FrameBounds extends ChannelInboundHandlerAdapter {
    private static final long CONTROL_STREAM = 0x0;

    // of frames that the codec hands on though it does not know them
    private static final long FIRST_HANDED_ON = 0x40;
    private static final long LAST_HANDED_ON = 0x1fL * Integer.MAX_VALUE + 0x21;

    private static final long LAST_OF_HTTP2 = 0x9;
    private static final long MAX_PUSH_ID = 0xd;

    private final @Nullable Runnable onCut; // null where the codec sees to it
    private final LongConsumer onSkipped;
    private boolean isTypeDue; // of the stream
    private boolean isFollowed = true;
    private long type; // of the frame
    private long left; // octets of the payload that is being read
    private boolean isLength; // rather than a type is the integer that is being read, or comes next
    private int integerLeft; // octets of it
    private long integer;
    private boolean failed; // what is reset may end anywhere
    private boolean cut;

    private FrameBounds(@Nullable Runnable onCut, LongConsumer onSkipped, boolean isTypeDue) {
        this.onCut = onCut;
        this.onSkipped = onSkipped;
        this.isTypeDue = isTypeDue;
    }

    /**
     * Follows a stream with a request and its response.
     *
     * @param onCut runs where the stream has ended within a frame; its end is told to nobody else
     * @param onSkipped takes how large a frame is that the codec skips
     */
    static FrameBounds ofRequest(Runnable onCut, LongConsumer onSkipped) {
        return new FrameBounds(onCut, onSkipped, false);
    }

    /** Follows a unidirectional stream, if it turns out to be the control stream, of which the codec itself sees to the end. */
    static FrameBounds ofUnidirectional(LongConsumer onSkipped) {
        return new FrameBounds(null, onSkipped, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        follow((ByteBuf) message);
        ctx.fireChannelRead(message);
    }

    private void follow(ByteBuf octets) {
        int end = octets.writerIndex();
        for (int at = octets.readerIndex(); at < end && isFollowed; ) {
            if (left > 0) {
                long skipped = Math.min(left, end - at);
                left -= skipped;
                at += (int) skipped;
            } else {
                onOctet(octets.getByte(at));
                at++;
            }
        }
    }

    private void onOctet(byte octet) {
        if (integerLeft == 0) {
            integerLeft = Varints.lengthBy(octet);
            integer = octet & 0x3f;
        } else {
            integer = integer << 8 | (octet & 0xff);
        }
        integerLeft--;
        if (integerLeft == 0) {
            onInteger();
        }
    }

    private void onInteger() {
        if (isTypeDue) {
            isTypeDue = false;
            isFollowed = integer == CONTROL_STREAM;
        } else if (isLength) {
            isLength = false;
            left = integer;
            if (isSkipped(type)) {
                onSkipped.accept(left);
            }
        } else {
            isLength = true;
            type = integer;
        }
    }

    private static boolean isSkipped(long type) {
        boolean isKnown = type <= LAST_OF_HTTP2 || type == MAX_PUSH_ID;
        boolean isHandedOn = type >= FIRST_HANDED_ON && type <= LAST_HANDED_ON;
        return !isKnown && !isHandedOn;
    }

    private boolean isWithinFrame() {
        return left > 0 || integerLeft > 0 || isLength;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed = true;
        ctx.fireExceptionCaught(cause);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        boolean isEnd = event == ChannelInputShutdownEvent.INSTANCE;
        Runnable told = onCut;
        if (told != null && isEnd && !failed && isWithinFrame()) {
            cut = true;
            told.run();
        }
        boolean tellsOfEnd = isEnd || event == ChannelInputShutdownReadComplete.INSTANCE;
        if (!cut || !tellsOfEnd) {
            ctx.fireUserEventTriggered(event);
        }
    }
}
