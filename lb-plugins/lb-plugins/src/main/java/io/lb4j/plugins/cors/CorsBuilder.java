package io.lb4j.plugins.cors;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.time.Duration;
import java.util.List;

/** Describes which pages may do what. */
public final class CorsBuilder extends PartBuilder<CorsBuilder> {
    /** Begins with no origin. */
    public CorsBuilder() {
        super(new Draft(CorsOptions.SECTION));
    }

    @Override
    protected CorsBuilder self() {
        return this;
    }

    /** Adds origins: {@code https://app.example.com}, {@code https://*.example.com}, or {@code *} for any. Default: none. */
    public CorsBuilder origins(String... origins) {
        return addTexts(CorsOptions.ORIGINS, List.of(origins), "origins");
    }

    /** Sets methods that pages may use, {@code *} for all. Default: GET, HEAD and POST. */
    public CorsBuilder methods(String... methods) {
        return addTexts(CorsOptions.METHODS, List.of(methods), "methods");
    }

    /** Adds request fields that pages may set, {@code *} for all. Default: those that browsers let every page set. */
    public CorsBuilder headers(String... names) {
        return addTexts(CorsOptions.HEADERS, List.of(names), "headers");
    }

    /** Adds response fields that pages may read, {@code *} for all. Default: those that browsers let every page read. */
    public CorsBuilder expose(String... names) {
        return addTexts(CorsOptions.EXPOSE, List.of(names), "expose");
    }

    /** Lets cookies and passwords go with requests. Default: they do not. */
    public CorsBuilder credentials() {
        return set(CorsOptions.CREDENTIALS, true, "credentials");
    }

    /** Sets how long browsers may keep what a preflight has said. Default: 10 minutes. */
    public CorsBuilder maxAge(Duration time) {
        return set(CorsOptions.MAX_AGE, time, "maxAge");
    }

    /** Refuses requests of other origins with 403. Default: they are served, and the browser keeps the response from the page. */
    public CorsBuilder reject() {
        return set(CorsOptions.REJECT, true, "reject");
    }
}
