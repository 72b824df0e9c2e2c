package io.lb4j.plugins.cache;

import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.PartBuilder;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A shared HTTP cache in memory (RFC 9111). It stands next to the endpoints, behind all plugins that come with lb4j: what they do to a response
 * they do to one that was kept as well. Thread-safe.
 */
public final class HttpCache extends BuiltIn {
    private static final int PRIORITY = -100;

    private final Settings settings;
    private final CacheTime time;
    private volatile @Nullable CacheParts parts; // from the start to the end

    HttpCache(Settings settings, CacheTime time) {
        super(CacheOptions.SECTION);
        this.settings = settings;
        this.time = time;
    }

    /**
     * Describes a cache.
     *
     * @throws io.lb4j.config.ConfigurationException with all that is wrong with the description
     */
    public static Part plugin(Consumer<? super CacheBuilder> description) {
        return PartBuilder.part(new CacheFactory(), new CacheBuilder(), description);
    }

    /**
     * Makes a cache that can be told to forget.
     *
     * @throws io.lb4j.config.ConfigurationException with all that is wrong with the description
     */
    public static HttpCache create(Consumer<? super CacheBuilder> description) {
        return plugin(description).create(HttpCache.class);
    }

    /** Makes a cache that goes by another clock. */
    static HttpCache create(CacheTime time, Consumer<? super CacheBuilder> description) {
        Settings settings = plugin(description)
                .settings()
                .orElseThrow(() -> new IllegalStateException("settings: none (expected: those of the factory)"));
        return new HttpCache(settings, time);
    }

    /**
     * Forgets all responses of a URI, whatever the route and the request's fields; those that are being fetched are not kept. Returns at once.
     *
     * @param uri with scheme and host, and with the port if requests name one: {@code https://shop.example/a?b=c}
     * @return whether there was anything to forget
     * @throws IllegalArgumentException if the URI has no scheme or host
     */
    public boolean purge(URI uri) {
        if (uri.getScheme() == null || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("uri: " + uri + " (expected: a scheme and a host)");
        }
        CacheParts present = parts;
        return present != null && present.change(CacheLocations.uri(uri));
    }

    /** Forgets all responses; those that are being fetched are not kept. */
    public void purgeAll() {
        Optional.ofNullable(parts).ifPresent(present -> present.shelf().clear());
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    protected void begin(PluginContext context) {
        parts = new CacheParts(settings, time, context);
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        CacheParts present = parts;
        if (present == null) {
            throw new IllegalStateException("cache: not begun (expected: init before exchanges)");
        }
        return new CacheExchange(present);
    }

    @Override
    public void close() {
        parts = null;
    }
}
