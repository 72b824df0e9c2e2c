package io.lb4j.http3;

import io.lb4j.http.ResetCode;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.http3.Http3Exception;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicTransportError;
import org.jspecify.annotations.Nullable;

/** Why a connection ends before its time: counted once, for what came first. Confined to the event loop. */
final class EarlyEnd {
    private static final int NO_ERROR_OF_QUIC = 0; // RFC 9000 §20.1; some clients say so for HTTP/3, too
    private static final int NO_ERROR_OF_HTTP3 = 0x100; // RFC 9114 §8.1

    private final QuicChannel channel;
    private final Figures figures;
    private boolean counted;
    private boolean closing;

    EarlyEnd(QuicChannel channel, Figures figures) {
        this.channel = channel;
        this.figures = figures;
    }

    /** The connection has ended: nothing counts any more. */
    void onEnded() {
        counted = true;
        closing = true;
    }

    /** Ends the connection because it is too much of a load. */
    void forLoad(Figure load, String reason) {
        count(load);
        if (!closing) {
            closing = true;
            channel.close(
                    true, ResetCode.ENHANCE_YOUR_CALM.http3Code(), ByteBufUtil.writeUtf8(channel.alloc(), reason));
        }
    }

    /** Ends the connection because the client has broken a rule of HTTP/3 that the codec does not look after. */
    void forFault(Http3ErrorCode fault) {
        count(Figure.CONNECTIONS_ABUSIVE_HTTP3);
        if (!closing) {
            closing = true;
            channel.close(true, fault.code(), Unpooled.EMPTY_BUFFER);
        }
    }

    private void count(Figure cause) {
        if (!counted) {
            counted = true;
            figures.count(cause);
        }
    }

    /**
     * Something has failed: it may be what the codec of HTTP/3, or QUIC, ends the connection for. In a handshake it is the handshake that has failed. Not every failure of
     * QUIC ends it, so the limits hold on.
     */
    void onFailure(Throwable failure) {
        if (!channel.isActive()) {
            return;
        }
        if (failure instanceof Http3Exception fault) {
            if (fault.errorCode() != Http3ErrorCode.H3_MESSAGE_ERROR) { // by which only a stream ends
                count(causeOf(fault.errorCode()));
            }
        } else if (failure instanceof QuicException fault && fault.error() != null) {
            count(causeOf(fault.error()));
        }
    }

    private static Figure causeOf(@Nullable Http3ErrorCode code) {
        if (code == null) {
            return Figure.CONNECTIONS_ABUSIVE_HTTP3;
        }
        return switch (code) {
            case H3_EXCESSIVE_LOAD -> Figure.CONNECTIONS_ABUSIVE_SIZES;
            case QPACK_DECOMPRESSION_FAILED, QPACK_ENCODER_STREAM_ERROR, QPACK_DECODER_STREAM_ERROR ->
                Figure.CONNECTIONS_ABUSIVE_QPACK;
            default -> Figure.CONNECTIONS_ABUSIVE_HTTP3;
        };
    }

    private static Figure causeOf(QuicTransportError error) {
        if (error.equals(QuicTransportError.FLOW_CONTROL_ERROR)) {
            return Figure.CONNECTIONS_ABUSIVE_FLOW;
        }
        if (error.equals(QuicTransportError.STREAM_LIMIT_ERROR)) {
            return Figure.CONNECTIONS_ABUSIVE_STREAM_LIMIT;
        }
        return error.equals(QuicTransportError.CONNECTION_ID_LIMIT_ERROR)
                ? Figure.CONNECTIONS_ABUSIVE_IDS
                : Figure.CONNECTIONS_ABUSIVE_QUIC;
    }

    /** The client has closed the connection. */
    void onClosed(QuicConnectionCloseEvent close) {
        boolean isInOrder = !channel.isActive()
                || close.error() == NO_ERROR_OF_QUIC
                || (close.isApplicationClose() && close.error() == NO_ERROR_OF_HTTP3);
        if (!isInOrder) {
            count(Figure.CONNECTIONS_ENDED_BY_CLIENT_ERROR);
        }
    }
}
