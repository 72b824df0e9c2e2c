package io.lb4j;

import io.lb4j.config.Draft;
import io.lb4j.config.Limit;
import io.lb4j.model.Ejection;
import java.time.Duration;

/** When an endpoint that answers badly is left out for a while. */
public final class EjectionBuilder extends SectionBuilder<EjectionBuilder> {
    EjectionBuilder(Draft draft) {
        super(draft);
    }

    @Override
    EjectionBuilder self() {
        return this;
    }

    /** Leaves out those that answer badly. Default: they are. */
    public EjectionBuilder on() {
        return set(Ejection.ENABLED, true, "on");
    }

    /** Leaves no endpoint out. Default: those that answer badly are. */
    public EjectionBuilder off() {
        return set(Ejection.ENABLED, false, "off");
    }

    /** Sets how many failures in a row eject an endpoint. Default: 5. */
    public EjectionBuilder consecutiveFailures(Limit<Integer> count) {
        return set(Ejection.CONSECUTIVE_FAILURES, count, "consecutiveFailures");
    }

    /** Sets how many failures in a row eject an endpoint. Default: 5. */
    public EjectionBuilder consecutiveFailures(int count) {
        return consecutiveFailures(Limit.of(count));
    }

    /** Sets the time over which success rates are compared. Default: 10 seconds. */
    public EjectionBuilder interval(Duration time) {
        return set(Ejection.INTERVAL, time, "interval");
    }

    /** Sets how many standard deviations below the average success rate eject an endpoint. Default: 1.9. */
    public EjectionBuilder successRateFactor(Limit<Double> factor) {
        return set(Ejection.SUCCESS_RATE_FACTOR, factor, "successRateFactor");
    }

    /** Sets how many endpoints it takes to compare success rates. Default: 5. */
    public EjectionBuilder successRateMinEndpoints(int count) {
        return set(Ejection.SUCCESS_RATE_MIN_ENDPOINTS, count, "successRateMinEndpoints");
    }

    /** Sets how many requests within the interval it takes to have a success rate. Default: 100. */
    public EjectionBuilder successRateMinRequests(int count) {
        return set(Ejection.SUCCESS_RATE_MIN_REQUESTS, count, "successRateMinRequests");
    }

    /** Sets the length of the first ejection. Default: 30 seconds. */
    public EjectionBuilder baseTime(Duration time) {
        return set(Ejection.BASE_TIME, time, "baseTime");
    }

    /** Sets the length of the longest ejection. Default: 5 minutes. */
    public EjectionBuilder maxTime(Duration time) {
        return set(Ejection.MAX_TIME, time, "maxTime");
    }

    /** Sets the share of the endpoints that may be ejected at once, 0 to 1. Default: 0.5. */
    public EjectionBuilder maxShare(double share) {
        return set(Ejection.MAX_SHARE, share, "maxShare");
    }
}
