package io.lb4j.plugins;

import io.lb4j.config.Part;
import io.lb4j.plugins.auth.ApiKeyBuilder;
import io.lb4j.plugins.auth.ApiKeyFactory;
import io.lb4j.plugins.auth.BasicAuthBuilder;
import io.lb4j.plugins.auth.BasicAuthFactory;
import io.lb4j.plugins.auth.ForwardAuthBuilder;
import io.lb4j.plugins.auth.ForwardAuthFactory;
import io.lb4j.plugins.auth.IpAccessBuilder;
import io.lb4j.plugins.auth.IpAccessFactory;
import io.lb4j.plugins.compression.CompressionBuilder;
import io.lb4j.plugins.compression.CompressionFactory;
import io.lb4j.plugins.compression.DecompressionBuilder;
import io.lb4j.plugins.compression.DecompressionFactory;
import io.lb4j.plugins.cors.CorsBuilder;
import io.lb4j.plugins.cors.CorsFactory;
import io.lb4j.plugins.head.HeadersBuilder;
import io.lb4j.plugins.head.HeadersFactory;
import io.lb4j.plugins.head.RequestIdBuilder;
import io.lb4j.plugins.head.RequestIdFactory;
import io.lb4j.plugins.head.RequestSizeBuilder;
import io.lb4j.plugins.head.RequestSizeFactory;
import io.lb4j.plugins.head.StaticResponseBuilder;
import io.lb4j.plugins.head.StaticResponseFactory;
import io.lb4j.plugins.kit.PartBuilder;
import io.lb4j.plugins.limit.RateLimitBuilder;
import io.lb4j.plugins.limit.RateLimitFactory;
import io.lb4j.plugins.log.AccessLogBuilder;
import io.lb4j.plugins.log.AccessLogFactory;
import java.util.function.Consumer;

/**
 * The plugins that come with lb4j, for {@code plugin(…)} of the balancer, a listener or a route.
 *
 * <pre>{@code
 * LoadBalancer.builder()
 *         .plugin(Plugins.requestId(id -> {}))
 *         .plugin(Plugins.headers(h -> h.response(r -> r.remove("server"))))
 *         .route(r -> r.path("/admin/**").to("admin").plugin(Plugins.ipAccess(a -> a.allow("10.0.0.0/8"))))
 * }</pre>
 *
 * <p>Each method throws {@link io.lb4j.config.ConfigurationException} with all that is wrong with a description.
 */
public final class Plugins {
    private Plugins() {}

    /** Removes, sets and adds header fields. */
    public static Part headers(Consumer<? super HeadersBuilder> description) {
        return PartBuilder.part(new HeadersFactory(), new HeadersBuilder(), description);
    }

    /** Gives each request an id. */
    public static Part requestId(Consumer<? super RequestIdBuilder> description) {
        return PartBuilder.part(new RequestIdFactory(), new RequestIdBuilder(), description);
    }

    /** Refuses requests that are too large. */
    public static Part requestSize(Consumer<? super RequestSizeBuilder> description) {
        return PartBuilder.part(new RequestSizeFactory(), new RequestSizeBuilder(), description);
    }

    /** Answers requests, or stands for errors, always alike. */
    public static Part staticResponse(Consumer<? super StaticResponseBuilder> description) {
        return PartBuilder.part(new StaticResponseFactory(), new StaticResponseBuilder(), description);
    }

    /** Lets in, and keeps out, by address. */
    public static Part ipAccess(Consumer<? super IpAccessBuilder> description) {
        return PartBuilder.part(new IpAccessFactory(), new IpAccessBuilder(), description);
    }

    /** Lets in whoever has a password. */
    public static Part basicAuth(Consumer<? super BasicAuthBuilder> description) {
        return PartBuilder.part(new BasicAuthFactory(), new BasicAuthBuilder(), description);
    }

    /** Tells browsers which pages of other origins may read what. */
    public static Part cors(Consumer<? super CorsBuilder> description) {
        return PartBuilder.part(new CorsFactory(), new CorsBuilder(), description);
    }

    /** Compresses responses for clients that accept it. */
    public static Part compression(Consumer<? super CompressionBuilder> description) {
        return PartBuilder.part(new CompressionFactory(), new CompressionBuilder(), description);
    }

    /** Decompresses requests, within bounds. */
    public static Part decompression(Consumer<? super DecompressionBuilder> description) {
        return PartBuilder.part(new DecompressionFactory(), new DecompressionBuilder(), description);
    }

    /** Limits how many requests there may be. */
    public static Part rateLimit(Consumer<? super RateLimitBuilder> description) {
        return PartBuilder.part(new RateLimitFactory(), new RateLimitBuilder(), description);
    }

    /** Logs each exchange that has ended. */
    public static Part accessLog(Consumer<? super AccessLogBuilder> description) {
        return PartBuilder.part(new AccessLogFactory(), new AccessLogBuilder(), description);
    }

    /** Has a service decide who may come in. */
    public static Part forwardAuth(Consumer<? super ForwardAuthBuilder> description) {
        return PartBuilder.part(new ForwardAuthFactory(), new ForwardAuthBuilder(), description);
    }

    /** Lets in whoever has a key. */
    public static Part apiKey(Consumer<? super ApiKeyBuilder> description) {
        return PartBuilder.part(new ApiKeyFactory(), new ApiKeyBuilder(), description);
    }
}
