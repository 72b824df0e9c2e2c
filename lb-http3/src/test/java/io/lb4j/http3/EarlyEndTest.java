package io.lb4j.http3;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicException;
import io.netty.handler.codec.quic.QuicTransportError;
import io.netty.util.ReferenceCountUtil;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What ends a connection before its time, and what merely counts. */
final class EarlyEndTest {
    private final Figures figures = new Figures();
    private final List<Object> closedWith = new ArrayList<>();
    private final EarlyEnd end = new EarlyEnd(channel(), figures);

    private QuicChannel channel() {
        return (QuicChannel) Proxy.newProxyInstance(
                QuicChannel.class.getClassLoader(),
                new Class<?>[] {QuicChannel.class},
                (proxy, method, arguments) -> answer(method.getName(), arguments));
    }

    private @Nullable Object answer(String method, Object @Nullable [] arguments) {
        return switch (method) {
            case "isActive" -> true;
            case "alloc" -> UnpooledByteBufAllocator.DEFAULT;
            case "close" -> {
                Object[] given = arguments == null ? new Object[0] : arguments;
                ReferenceCountUtil.release(given[2]);
                closedWith.add(given[1]);
                yield null;
            }
            default -> throw new UnsupportedOperationException(method);
        };
    }

    /** Not every failure of QUIC ends its connection. */
    @Test
    void aLimitEndsAConnectionWhichHasHadAFailureBefore() {
        end.onFailure(new QuicException(QuicTransportError.PROTOCOL_VIOLATION));
        end.forLoad(Figure.CONNECTIONS_ABUSIVE_RESETS, "streams reset");
        end.forLoad(Figure.CONNECTIONS_ABUSIVE_RESETS, "streams reset");

        assertThat(closedWith).containsExactly(0x107);
        assertThat(figures.value(Figure.CONNECTIONS_ABUSIVE))
                .as("for what came first")
                .isEqualTo(1);
        assertThat(figures.value(Figure.CONNECTIONS_ABUSIVE_QUIC)).isEqualTo(1);
    }

    @Test
    void whatComesAfterTheEndCountsForNothing() {
        end.onEnded();
        end.forLoad(Figure.CONNECTIONS_ABUSIVE_RESETS, "streams reset");
        end.forFault(Http3ErrorCode.H3_ID_ERROR);

        assertThat(closedWith).isEmpty();
        assertThat(figures.value(Figure.CONNECTIONS_ABUSIVE)).isZero();
    }
}
