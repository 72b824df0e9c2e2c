package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.Redirect;

/** Sends the client elsewhere. What is not set stays as the client asked for it; at least one thing has to be set. */
public final class RedirectBuilder extends SectionBuilder<RedirectBuilder> {
    RedirectBuilder(Draft draft) {
        super(draft);
    }

    @Override
    RedirectBuilder self() {
        return this;
    }

    /** Sets the status. Default: 307. */
    public RedirectBuilder status(Redirect.Status status) {
        return set(Redirect.STATUS, status, "status");
    }

    /** Sends to {@code https}. Default: the request's scheme. */
    public RedirectBuilder https() {
        return set(Redirect.SCHEME, Redirect.Scheme.HTTPS, "https");
    }

    /** Sends to {@code http}. Default: the request's scheme. */
    public RedirectBuilder http() {
        return set(Redirect.SCHEME, Redirect.Scheme.HTTP, "http");
    }

    /** Sets the host. Default: the request's. */
    public RedirectBuilder host(String host) {
        return set(Redirect.HOST, host, "host");
    }

    /** Sets the port. Default: the request's, or the scheme's own where the scheme is set. */
    public RedirectBuilder port(int port) {
        return set(Redirect.PORT, port, "port");
    }

    /** Sets the path; {@code {name}} and {@code {**}} stand for what the route's path has matched. Default: the request's. */
    public RedirectBuilder path(String template) {
        return setText(Redirect.PATH, template, "path");
    }

    /** Sets the path that takes the place of the one before {@code /**} in the route's path. Default: none does. */
    public RedirectBuilder prefix(String path) {
        return set(Redirect.PREFIX, path, "prefix");
    }

    /** Leaves the query out. Default: it stays. */
    public RedirectBuilder withoutQuery() {
        return set(Redirect.KEEP_QUERY, false, "withoutQuery");
    }
}
