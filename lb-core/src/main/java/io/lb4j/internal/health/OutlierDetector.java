package io.lb4j.internal.health;

import io.lb4j.internal.snapshot.EndpointState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes members of one cluster out for a while that fare worse than they should: at once after failures in a row, and at the end of
 * each interval where their success rate is an outlier among all. An ejection is longer the more have gone before; each whole
 * interval without one takes one off the account.
 *
 * <p>Confined to the control thread. Event loops only count; a run of failures is reported from them as a task.
 */
public final class OutlierDetector implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutlierDetector.class);

    private final String cluster;
    private final ScheduledExecutorService control;
    private final LongSupplier clock;
    private final Map<EndpointState, Account> accounts = new LinkedHashMap<>();
    private Ejection settings;
    private int ejected;
    private @Nullable Future<?> sweeps;

    /** What the detector remembers of a member. */
    private static final class Account {
        private long succeededBefore; // the counters as they stood at the beginning of the interval
        private long failedBefore;
        private @Nullable Future<?> readmission; // while it is out
        private boolean onProbation; // since it came back, there has been no whole interval yet
    }

    private record Rate(EndpointState state, double successShare) {}

    /**
     * Creates a detector without members.
     *
     * @param cluster the cluster's name, for messages
     * @param control runs one task at a time: the control thread
     * @param clock the present in nanoseconds, {@link System#nanoTime()} in earnest
     */
    public OutlierDetector(String cluster, Ejection settings, ScheduledExecutorService control, LongSupplier clock) {
        this.cluster = cluster;
        this.settings = settings;
        this.control = control;
        this.clock = clock;
        scheduleSweeps();
    }

    /** Takes over other settings. Ejections under way go on. */
    public void configure(Ejection newSettings) {
        settings = newSettings;
        accounts.keySet().forEach(this::watch);
        scheduleSweeps();
    }

    /** Takes over the members of the cluster. */
    public void update(List<EndpointState> members) {
        Set<EndpointState> wanted = new HashSet<>(members);
        change(
                members,
                accounts.keySet().stream()
                        .filter(state -> !wanted.contains(state))
                        .toList());
    }

    /** Takes over who has come to the cluster and who has left it: of a large one that is little. */
    public void change(List<EndpointState> added, List<EndpointState> removed) {
        for (EndpointState state : removed) {
            Account account = accounts.remove(state);
            if (account != null) {
                release(state, account);
            }
        }
        for (EndpointState state : added) {
            if (!accounts.containsKey(state)) {
                Account account = new Account();
                settle(state, account);
                accounts.put(state, account);
                watch(state);
            }
        }
    }

    /** Stops, and takes in again whoever is out. */
    @Override
    public void close() {
        Future<?> pending = sweeps;
        if (pending != null) {
            pending.cancel(false);
        }
        accounts.forEach((state, account) -> {
            release(state, account);
            state.readmit();
        });
        accounts.clear();
    }

    private void scheduleSweeps() {
        Future<?> superseded = sweeps;
        if (superseded != null) {
            superseded.cancel(false);
        }
        long interval = settings.interval().toNanos();
        sweeps = control.scheduleAtFixedRate(this::sweep, interval, interval, TimeUnit.NANOSECONDS);
    }

    private void watch(EndpointState state) {
        state.watchFailures(settings.consecutiveFailures(), this::reportFailures);
    }

    private void release(EndpointState state, Account account) {
        state.unwatchFailures();
        Future<?> readmission = account.readmission;
        if (readmission != null) {
            readmission.cancel(false);
            account.readmission = null;
            ejected--;
        }
    }

    /** On an event loop. */
    private void reportFailures(EndpointState state) {
        try {
            control.execute(() -> judgeRun(state));
        } catch (RejectedExecutionException e) {
            // The balancer is closing: nobody picks any more, so nobody needs the ejection.
            LOG.debug("cluster {}: failures of {} are not looked at any more", cluster, state, e);
        }
    }

    private void judgeRun(EndpointState state) {
        int failures = state.consecutiveFailures();
        if (failures >= settings.consecutiveFailures()) {
            eject(state, failures + " failures in a row");
        }
    }

    private void eject(EndpointState state, String reason) {
        Account account = accounts.get(state);
        if (account == null || account.readmission != null) {
            return;
        }
        if (ejected >= settings.maxEjected(accounts.size())) {
            LOG.debug("cluster {}: {} stays in spite of {}: {} are out already", cluster, state, reason, ejected);
            return;
        }
        long time = settings.timeNanos(state.standing().exclusion().times());
        ejected++;
        account.readmission = control.schedule(() -> readmit(state, account), time, TimeUnit.NANOSECONDS);
        LOG.warn(
                "cluster {}: {} is ejected for {} s: {}", cluster, state, TimeUnit.NANOSECONDS.toSeconds(time), reason);
        state.eject(clock.getAsLong() + time);
    }

    private void readmit(EndpointState state, Account account) {
        account.readmission = null;
        account.onProbation = true;
        ejected--;
        LOG.info("cluster {}: {} is taken in again after its ejection", cluster, state);
        state.readmit();
    }

    private void sweep() {
        Set<EndpointState> outliers = new HashSet<>();
        for (Rate rate : outliers()) {
            outliers.add(rate.state);
            eject(rate.state, String.format(Locale.ROOT, "success rate of %.1f %%", rate.successShare * 100));
        }
        accounts.forEach((state, account) -> {
            judgeRun(state); // a run that could not be acted upon when it was reported
            if (account.readmission == null && !account.onProbation && !outliers.contains(state)) {
                state.forgive();
            }
            account.onProbation = false;
            settle(state, account);
        });
    }

    /** Returns those whose success rate is too low, the worst first. */
    private List<Rate> outliers() {
        List<Rate> rates = new ArrayList<>();
        accounts.forEach((state, account) -> {
            long succeeded = state.succeeded() - account.succeededBefore;
            long all = succeeded + state.failed() - account.failedBefore;
            if (account.readmission == null && all >= settings.successRate().minRequests()) {
                rates.add(new Rate(state, (double) succeeded / all));
            }
        });
        if (rates.size() < settings.successRate().minHosts()) {
            return List.of();
        }
        double mean = rates.stream().mapToDouble(Rate::successShare).average().orElseThrow();
        double variance = rates.stream()
                .mapToDouble(rate -> (rate.successShare - mean) * (rate.successShare - mean))
                .average()
                .orElseThrow();
        double bound = mean - settings.successRate().deviations() * Math.sqrt(variance);
        return rates.stream()
                .filter(rate -> rate.successShare < bound)
                .sorted(Comparator.comparingDouble(Rate::successShare))
                .toList();
    }

    private static void settle(EndpointState state, Account account) {
        account.succeededBefore = state.succeeded();
        account.failedBefore = state.failed();
    }
}
