package io.lb4j.internal.health;

import io.lb4j.internal.snapshot.EndpointState;
import io.lb4j.internal.snapshot.Health;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one endpoint, one after the other. Confined to the control thread. */
final class EndpointChecks {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointChecks.class);

    private final String cluster;
    private final EndpointState state;
    private final ActiveCheck settings;
    private final Prober prober;
    private final ScheduledExecutorService control;

    private int contradictions; // results in a row that are against the verdict in force
    private long round; // counts checks, so that what comes late is known as such
    private boolean spread; // whether the second check has been set apart from those of other endpoints
    private long triesBefore;
    private Prober.@Nullable Probe running;
    private @Nullable Future<?> timer; // for the next check, or the end of this one

    EndpointChecks(String cluster, EndpointState state, ActiveHealth.Plan plan, ScheduledExecutorService control) {
        this.cluster = cluster;
        this.state = state;
        this.control = control;
        settings = plan.check();
        prober = plan.prober();
    }

    void start(long delayNanos) {
        timer = control.schedule(this::check, delayNanos, TimeUnit.NANOSECONDS);
    }

    void stop() {
        round++;
        endRound();
    }

    private void check() {
        long thisRound = ++round;
        timer = control.schedule(() -> timeOut(thisRound), settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
        try {
            running = prober.begin(state.endpoint(), result -> report(thisRound, result));
        } catch (RuntimeException e) {
            LOG.error("cluster {}: the check of {} did not begin", cluster, state, e);
            conclude(thisRound, Prober.Result.failed("the check did not begin: " + e));
        }
    }

    /** On any thread. */
    private void report(long ofRound, Prober.Result result) {
        try {
            control.execute(() -> conclude(ofRound, result));
        } catch (RejectedExecutionException e) {
            // The balancer is closing, and nobody needs to know any more.
            LOG.debug("cluster {}: the result for {} is not looked at any more", cluster, state, e);
        }
    }

    private void timeOut(long ofRound) {
        conclude(
                ofRound,
                Prober.Result.failed("no result within " + settings.timeout().toMillis() + " ms"));
    }

    private void conclude(long ofRound, Prober.Result result) {
        if (ofRound != round) {
            return;
        }
        round++;
        endRound();
        judge(result);
        timer = control.schedule(this::check, pauseNanos(), TimeUnit.NANOSECONDS);
    }

    private void endRound() {
        Future<?> pending = timer;
        if (pending != null) {
            pending.cancel(false);
            timer = null;
        }
        Prober.Probe probe = running;
        if (probe != null) {
            probe.cancel();
            running = null;
        }
    }

    private void judge(Prober.Result result) {
        Health verdict = state.standing().health();
        Health seen = result.passed() ? Health.HEALTHY : Health.UNHEALTHY;
        contradictions = seen == verdict ? 0 : contradictions + 1;
        int needed = result.passed() ? settings.rise() : settings.fall();
        if (contradictions == 0 || (verdict != Health.UNKNOWN && contradictions < needed)) {
            return;
        }
        contradictions = 0;
        if (result.passed()) {
            LOG.info("cluster {}: {} is healthy: {}", cluster, state, result.reason());
        } else {
            LOG.warn("cluster {}: {} is unhealthy: {}", cluster, state, result.reason());
        }
        state.health(seen);
    }

    private long pauseNanos() {
        long tries = state.succeeded() + state.failed() + state.inFlight();
        boolean idle = tries == triesBefore;
        triesBefore = tries;
        // An unhealthy endpoint is idle because of it, and is to be found out about all the sooner.
        Duration interval = idle && state.standing().health() == Health.HEALTHY
                ? settings.idleInterval().orElse(settings.interval())
                : settings.interval();
        double nanos = interval.toNanos();
        ThreadLocalRandom random = ThreadLocalRandom.current();
        if (!spread) {
            spread = true;
            return (long) (nanos * random.nextDouble());
        }
        return (long) (nanos * (1 + settings.jitter() * (2 * random.nextDouble() - 1)));
    }
}
