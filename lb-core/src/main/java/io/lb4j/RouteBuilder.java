package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.model.DirectResponse;
import io.lb4j.model.Route;
import io.lb4j.model.ValueMatch;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which requests go where. All conditions have to be met. Where the requests go is required: one of {@link #to(String)},
 * {@link #to(String, int)}, {@link #redirect} and {@link #respond(int)}.
 */
public final class RouteBuilder extends PluggableBuilder<RouteBuilder> {
    RouteBuilder(Draft draft) {
        super(draft, Route.PLUGINS);
    }

    @Override
    RouteBuilder self() {
        return this;
    }

    /** Adds hosts: {@code api.example.com}, or {@code *.example.com} for all names below. Default: all hosts. */
    public RouteBuilder host(String... hosts) {
        return addTexts(Route.HOSTS, List.of(hosts), "host");
    }

    /**
     * Sets the paths: {@code /a/b} for this path, {@code /api/**} for it and everything below, {@code /users/{id}/*} with one segment for
     * each variable. Default: {@code /**}.
     *
     * @see io.lb4j.model.PathPattern
     */
    public RouteBuilder path(String pattern) {
        return setText(Route.PATH, pattern, "path");
    }

    /** Sets the paths by an expression of {@link java.util.regex.Pattern} that has to match the whole path. Default: none. */
    public RouteBuilder pathRegex(String expression) {
        return setText(Route.PATH_REGEX, expression, "pathRegex");
    }

    /** Adds methods. Default: all methods. */
    public RouteBuilder method(String... methods) {
        return addTexts(Route.METHODS, List.of(methods), "method");
    }

    /** Adds the condition that a header field has this value. Default: no condition. */
    public RouteBuilder header(String name, String value) {
        Origin origin = origin("header");
        Draft condition = condition(ValueMatch.FIELD, name, origin);
        condition.set(ValueMatch.EXACT, value, origin);
        draft().add(Route.HEADERS, condition, origin);
        return this;
    }

    /** Adds a condition on a header field. Default: no condition. */
    public RouteBuilder header(String name, Consumer<? super MatchBuilder> match) {
        Origin origin = origin("header");
        Draft condition = condition(ValueMatch.FIELD, name, origin);
        match.accept(new MatchBuilder(condition));
        draft().add(Route.HEADERS, condition, origin);
        return this;
    }

    /** Adds the condition that a parameter of the query has this value. Default: no condition. */
    public RouteBuilder query(String name, String value) {
        Origin origin = origin("query");
        Draft condition = condition(ValueMatch.PARAMETER, name, origin);
        condition.set(ValueMatch.EXACT, value, origin);
        draft().add(Route.QUERY, condition, origin);
        return this;
    }

    /** Adds a condition on a parameter of the query. Default: no condition. */
    public RouteBuilder query(String name, Consumer<? super MatchBuilder> match) {
        Origin origin = origin("query");
        Draft condition = condition(ValueMatch.PARAMETER, name, origin);
        match.accept(new MatchBuilder(condition));
        draft().add(Route.QUERY, condition, origin);
        return this;
    }

    /** Sets the priority: of the routes that fit, those of the highest come first, before all other rules. Default: 0. */
    public RouteBuilder priority(int priority) {
        return set(Route.PRIORITY, priority, "priority");
    }

    /** Forwards the requests to a cluster. Default: none. */
    public RouteBuilder to(String cluster) {
        return set(Route.CLUSTER, cluster, "to");
    }

    /** Forwards a share of the requests to a cluster: its weight in those of all clusters that are named so. Default: none. */
    public RouteBuilder to(String cluster, int weight) {
        draft().put(Route.SPLIT, cluster, weight, origin("to"));
        return this;
    }

    /** Forwards the requests to those endpoints of a cluster that have certain metadata. Default: to all of a cluster's. */
    public RouteBuilder to(String cluster, Map<String, String> subset) {
        Origin origin = origin("to");
        draft().set(Route.CLUSTER, cluster, origin);
        subset.forEach((name, value) -> draft().put(Route.SUBSET, name, value, origin));
        return this;
    }

    /** Sets metadata that endpoints must have to serve the requests, in whichever cluster. Default: none. */
    public RouteBuilder subset(String name, String value) {
        draft().put(Route.SUBSET, name, value, origin("subset"));
        return this;
    }

    /** Sets who serves where no endpoint of the subset can. Default: any other of the cluster. */
    public RouteBuilder subsetFallback(Route.SubsetFallback fallback) {
        return set(Route.SUBSET_FALLBACK, fallback, "subsetFallback");
    }

    /** Sends the client elsewhere. Default: it does not. */
    public RouteBuilder redirect(Consumer<? super RedirectBuilder> redirect) {
        redirect.accept(new RedirectBuilder(draft().section(Route.REDIRECT, origin("redirect"))));
        return this;
    }

    /** Answers with a status and no body. Default: it does not. */
    public RouteBuilder respond(int status) {
        return respond(status, response -> {});
    }

    /** Answers with a status and a body. Default: it does not. */
    public RouteBuilder respond(int status, Consumer<? super DirectResponseBuilder> response) {
        Origin origin = origin("respond");
        Draft nested = draft().section(Route.RESPOND, origin);
        nested.set(DirectResponse.STATUS, status, origin);
        response.accept(new DirectResponseBuilder(nested));
        return this;
    }

    /** Sets what is changed before a request is forwarded. Default: nothing. */
    public RouteBuilder rewrite(Consumer<? super RewriteBuilder> rewrite) {
        rewrite.accept(new RewriteBuilder(draft().section(Route.REWRITE, origin("rewrite"))));
        return this;
    }

    /** Sets how long an exchange may take. Default: see each timeout. */
    public RouteBuilder timeouts(Consumer<? super RouteTimeoutsBuilder> timeouts) {
        timeouts.accept(new RouteTimeoutsBuilder(draft().section(Route.TIMEOUTS, origin("timeouts"))));
        return this;
    }

    /** Sets when a request is sent again. Default: see each setting. */
    public RouteBuilder retry(Consumer<? super RetryPolicyBuilder> retry) {
        retry.accept(new RetryPolicyBuilder(draft().section(Route.RETRY, origin("retry"))));
        return this;
    }

    private static Draft condition(Option<String> nameOption, String name, Origin origin) {
        boolean header = nameOption == ValueMatch.FIELD;
        Draft condition = new Draft(header ? ValueMatch.HEADER_SECTION : ValueMatch.QUERY_SECTION);
        condition.set(nameOption, name, origin);
        return condition;
    }
}
