package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.Rewrite;

/** What is changed before a request is forwarded. */
public final class RewriteBuilder extends SectionBuilder<RewriteBuilder> {
    RewriteBuilder(Draft draft) {
        super(draft);
    }

    @Override
    RewriteBuilder self() {
        return this;
    }

    /** Sets the path that takes the place of the one before {@code /**} in the route's path. Default: none does. */
    public RewriteBuilder prefix(String path) {
        return set(Rewrite.PREFIX, path, "prefix");
    }

    /** Sets the path; {@code {name}} and {@code {**}} stand for what the route's path has matched. Default: it stays. */
    public RewriteBuilder path(String template) {
        return setText(Rewrite.PATH, template, "path");
    }

    /** Replaces what an expression finds in the path; {@code $1} and <code>${name}</code> stand for its groups. Default: nothing is replaced. */
    public RewriteBuilder regex(String expression, String replacement) {
        setText(Rewrite.REGEX, expression, "regex");
        return set(Rewrite.REPLACEMENT, replacement, "regex");
    }

    /** Sets the host. Default: the host that the client named stays. */
    public RewriteBuilder host(String host) {
        return set(Rewrite.HOST, host, "host");
    }

    /** Puts the endpoint's own host in place of the request's. Default: the host that the client named stays. */
    public RewriteBuilder endpointHost() {
        return set(Rewrite.ENDPOINT_HOST, true, "endpointHost");
    }
}
