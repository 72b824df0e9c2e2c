package io.lb4j.plugins.auth;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.time.Duration;
import java.util.List;

/** Describes a service that decides who may come in. */
public final class ForwardAuthBuilder extends PartBuilder<ForwardAuthBuilder> {
    /** Begins with nothing. */
    public ForwardAuthBuilder() {
        super(new Draft(ForwardAuthOptions.SECTION));
    }

    @Override
    protected ForwardAuthBuilder self() {
        return this;
    }

    /** Sets the cluster that is asked. Required. */
    public ForwardAuthBuilder cluster(String name) {
        return set(ForwardAuthOptions.CLUSTER, name, "cluster");
    }

    /** Sets the path that is asked for. Default: {@code /}. */
    public ForwardAuthBuilder path(String path) {
        return set(ForwardAuthOptions.PATH, path, "path");
    }

    /** Sets the host that the service is asked as. Default: the endpoint's address. */
    public ForwardAuthBuilder host(String host) {
        return set(ForwardAuthOptions.HOST, host, "host");
    }

    /** Sets the fields of the request that the service is told. Default: authorization, cookie, accept, user-agent. */
    public ForwardAuthBuilder send(String... names) {
        return addTexts(ForwardAuthOptions.SEND, List.of(names), "send");
    }

    /** Sets the fields of a consent that the endpoint is told. Default: none. */
    public ForwardAuthBuilder take(String... names) {
        return addTexts(ForwardAuthOptions.TAKE, List.of(names), "take");
    }

    /** Sets the field of a consent that says who the client is. Default: the service does not say. */
    public ForwardAuthBuilder identity(String name) {
        return setText(ForwardAuthOptions.IDENTITY, name, "identity");
    }

    /** Sets how long the service may take. Default: 3 seconds. */
    public ForwardAuthBuilder timeout(Duration time) {
        return set(ForwardAuthOptions.TIMEOUT, time, "timeout");
    }
}
