package io.lb4j.internal.health;

import io.lb4j.model.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.util.function.Consumer;

/** Checks that an endpoint accepts connections; closes each at once. Thread-safe. */
public final class TcpProber implements Prober {
    private final Bootstrap bootstrap;

    /** Nothing is said on the connection, and nothing that is heard matters. */
    @Sharable
    private static final class Silence extends ChannelInboundHandlerAdapter {}

    /**
     * Creates a prober.
     *
     * @param bootstrap with its event loops, its channel type and a resolver that does not block; copied
     */
    public TcpProber(Bootstrap bootstrap) {
        this.bootstrap = bootstrap.clone().handler(new Silence()).option(ChannelOption.AUTO_READ, false);
    }

    @Override
    public Probe begin(Endpoint endpoint, Consumer<Result> report) {
        ChannelFuture connecting = bootstrap.connect(endpoint.host(), endpoint.port());
        connecting.addListener(future -> {
            if (future.isSuccess()) {
                report.accept(Result.passed("accepts connections"));
            } else if (!future.isCancelled()) {
                report.accept(Result.failed(String.valueOf(future.cause().getMessage())));
            }
        });
        connecting.addListener(ChannelFutureListener.CLOSE);
        return () -> connecting.cancel(false);
    }
}
