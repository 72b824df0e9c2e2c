package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.model.HealthCheck;
import java.time.Duration;
import java.util.List;

/** How a cluster's endpoints are asked whether they are well. Default: by a request for {@code /}. */
public final class HealthCheckBuilder extends SectionBuilder<HealthCheckBuilder> {
    HealthCheckBuilder(Draft draft) {
        super(draft);
    }

    @Override
    HealthCheckBuilder self() {
        return this;
    }

    /** Asks by a request for a path. Default: {@code /}. */
    public HealthCheckBuilder http(String path) {
        set(HealthCheck.TYPE, HealthCheck.Type.HTTP, "http");
        return set(HealthCheck.PATH, path, "http");
    }

    /** Asks by a connection only. Default: by a request. */
    public HealthCheckBuilder tcp() {
        return set(HealthCheck.TYPE, HealthCheck.Type.TCP, "tcp");
    }

    /** Sets the host that the request is for. Default: the endpoint's address. */
    public HealthCheckBuilder host(String host) {
        return set(HealthCheck.HOST, host, "host");
    }

    /** Sets the statuses that say that the endpoint is well, as {@code 200} or {@code 200-299}. Default: 200-299. */
    public HealthCheckBuilder statuses(String... statuses) {
        return addTexts(HealthCheck.STATUSES, List.of(statuses), "statuses");
    }

    /** Sets the time between two checks of an endpoint. Default: 10 seconds. */
    public HealthCheckBuilder interval(Duration time) {
        return set(HealthCheck.INTERVAL, time, "interval");
    }

    /** Sets the share of the interval that is random, 0 to 1. Default: 0.1. */
    public HealthCheckBuilder jitter(double share) {
        return set(HealthCheck.JITTER, share, "jitter");
    }

    /** Sets how long a check may take. Default: 5 seconds. */
    public HealthCheckBuilder timeout(Duration time) {
        return set(HealthCheck.TIMEOUT, time, "timeout");
    }

    /** Sets how many good checks in a row make an endpoint well. Default: 2. */
    public HealthCheckBuilder rise(int count) {
        return set(HealthCheck.RISE, count, "rise");
    }

    /** Sets how many bad checks in a row make an endpoint unwell. Default: 3. */
    public HealthCheckBuilder fall(int count) {
        return set(HealthCheck.FALL, count, "fall");
    }
}
