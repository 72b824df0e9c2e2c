package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.lb4j.spi.UpstreamTransport;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * HTTP/3 with a cluster's endpoints: {@code cluster.tls(…).http3(Http3Upstream.defaults())}. Where it is not to be had, TCP is used. Immutable and
 * thread-safe; two are equal if they say the same.
 */
public final class Http3Upstream implements UpstreamTransport {
    private final Settings settings;

    Http3Upstream(Settings settings) {
        this.settings = settings;
    }

    /** Returns HTTP/3 with every option at its default. */
    public static Http3Upstream defaults() {
        return new Http3Upstream(Settings.defaults(Http3UpstreamOptions.SECTION));
    }

    /**
     * Returns HTTP/3 with some options set.
     *
     * @throws io.lb4j.config.ConfigurationException if a value is not valid; it names all that are not
     */
    public static Http3Upstream of(Consumer<? super Http3UpstreamBuilder> options) {
        Http3UpstreamBuilder builder = new Http3UpstreamBuilder();
        options.accept(builder);
        return new Http3Upstream(builder.complete());
    }

    /** Returns the options, {@link Http3UpstreamOptions}, with where each value came from. */
    public Settings settings() {
        return settings;
    }

    @Override
    public String name() {
        return Http3.NAME;
    }

    @Override
    public Optional<String> missing() {
        return NativeQuic.missing();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the cluster has no TLS, which QUIC cannot do without
     */
    @Override
    public Connector open(Context context) {
        Tls tls = context.tls()
                .orElseThrow(() -> new IllegalArgumentException("tls of cluster "
                        + context.cluster().name() + ": none (expected: TLS, because HTTP/3 is set)"));
        return new Http3Connector(
                context, settings, new EndpointTls(tls, settings.value(Http3UpstreamOptions.EARLY_DATA)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Http3Upstream upstream && upstream.settings.equals(settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
