package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.lb4j.spi.Transport;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * HTTP/3 on a listener: {@code listener.http3(Http3.defaults())}. It is served on the UDP port of the same number, with the listener's
 * certificates, routes, plugins and limits, and advertised by the other protocols in {@code Alt-Svc}. Immutable and thread-safe; two are
 * equal if they say the same.
 */
public final class Http3 implements Transport {
    /** The protocol's name, in ALPN and in statistics. */
    static final String NAME = "h3";

    private final Settings settings;

    Http3(Settings settings) {
        this.settings = settings;
    }

    /** Returns HTTP/3 with every option at its default. */
    public static Http3 defaults() {
        return new Http3(Settings.defaults(Http3Options.SECTION));
    }

    /**
     * Returns HTTP/3 with some options set.
     *
     * @throws io.lb4j.config.ConfigurationException if a value is not valid; it names all that are not
     */
    public static Http3 of(Consumer<? super Http3Builder> options) {
        Http3Builder builder = new Http3Builder();
        options.accept(builder);
        return new Http3(builder.complete());
    }

    /** Returns the options, {@link Http3Options}, with where each value came from. */
    public Settings settings() {
        return settings;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> missing() {
        return settings.value(Http3Options.ENABLED) ? NativeQuic.missing() : Optional.empty();
    }

    @Override
    public Binding bind(Context context) throws IOException {
        return settings.value(Http3Options.ENABLED) ? Http3Listener.bind(context, settings) : new Disabled();
    }

    @Override
    public Optional<Binding> bindBeside(Context context, Binding former) throws IOException {
        if (!settings.value(Http3Options.ENABLED)) {
            return Optional.of(new Disabled());
        }
        return former instanceof Http3Listener listener
                ? listener.successor(context, settings).map(same -> same)
                : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Http3 http3 && http3.settings.equals(settings);
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
