package io.lb4j.benchmarks.control;

import io.lb4j.LoadBalancer;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.MutableDiscovery;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What a registry that changes all the time costs: requests at a steady rate while nothing changes, and while a thousand of ten thousand endpoints
 * change every second, told every 20 milliseconds as the providers for registries do; in turns, in one process.
 *
 * <pre>java -cp benchmarks/target/benchmarks.jar io.lb4j.benchmarks.control.ChurnRun [endpoints] [changes per second] [seconds] [turns]</pre>
 */
public final class ChurnRun {
    private static final int TELLING_MILLIS = 20;
    private static final int REQUESTS_PER_SECOND = 500;
    private static final int PERCENT = 100;
    private static final double P99 = 0.99;
    private static final Duration IDLE =
            Duration.ofSeconds(2); // so that connections to ten thousand do not use up the descriptors

    private final int changesPerSecond;
    private final Duration length;
    private final List<Endpoint> all;
    private final MutableDiscovery registry;
    private final boolean[] isAway;
    private int cursor; // confined to the thread that changes
    private volatile List<Endpoint> present; // read by nobody while nothing is told of it

    private ChurnRun(List<Endpoint> all, int changesPerSecond, Duration length) {
        this.all = all;
        this.changesPerSecond = changesPerSecond;
        this.length = length;
        registry = new MutableDiscovery(all);
        present = all;
        isAway = new boolean[all.size()];
    }

    /**
     * What both kinds of turns came to, all of a kind together: where the machine is slower for a while, it is for both.
     *
     * @param idle while nothing changes
     * @param churn while endpoints come and go
     * @param p99 how many times as long the 99th percentile is then
     * @param controlShare how much of one core the control thread took then
     */
    record Result(SteadyLoad.Outcome idle, SteadyLoad.Outcome churn, Ratio p99, double controlShare) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "idle %s%nchanging %s%np99 %s; control thread %.1f %% of a core",
                    idle,
                    churn,
                    p99,
                    controlShare * PERCENT);
        }
    }

    /** Runs with the arguments given, or 10,000 endpoints, 1,000 changes a second, six seconds for each turn, thirty turns of each kind. */
    public static void main(String[] words) throws InterruptedException {
        int[] given = {10_000, 1_000, 6, 30};
        for (int i = 0; i < words.length && i < given.length; i++) {
            given[i] = Integer.parseInt(words[i]);
        }
        System.out.println(run(given[0], given[1], Duration.ofSeconds(given[2]), given[3]));
    }

    /** Runs. */
    static Result run(int endpoints, int changesPerSecond, Duration length, int turns) throws InterruptedException {
        try (ManyOrigins origins = new ManyOrigins(endpoints)) {
            ChurnRun run = new ChurnRun(origins.endpoints(), changesPerSecond, length);
            try (LoadBalancer lb = LoadBalancer.builder()
                    .listener("main", listener -> listener.port(0))
                    .cluster("api", cluster -> cluster.discovery(run.registry).pool(pool -> pool.idleTimeout(IDLE)))
                    .route("all", route -> route.path("/**").to("api"))
                    .process(process -> process.eventLoops(1))
                    .start()) {
                return run.turns(lb, turns);
            }
        }
    }

    private Result turns(LoadBalancer lb, int turns) throws InterruptedException {
        SteadyLoad load = new SteadyLoad(lb.port(), REQUESTS_PER_SECOND);
        load.run(length.multipliedBy(2)); // to warm up
        List<SteadyLoad.Outcome> idle = new ArrayList<>();
        List<SteadyLoad.Outcome> churn = new ArrayList<>();
        double controlNanos = 0;
        for (int turn = 0; turn < turns; turn++) {
            idle.add(during(this::look, load));
            long before = controlNanos();
            churn.add(during(this::change, load));
            controlNanos += controlNanos() - before;
        }
        return new Result(
                SteadyLoad.Outcome.of(idle),
                SteadyLoad.Outcome.of(churn),
                Ratio.of(idle, churn, P99),
                controlNanos / (length.toNanos() * (double) turns));
    }

    /** Runs a turn beside a registry that does the same work in both kinds, for in earnest that is done elsewhere; only one kind tells of it. */
    private SteadyLoad.Outcome during(Runnable registryWork, SteadyLoad load) throws InterruptedException {
        ScheduledExecutorService changes = Executors.newSingleThreadScheduledExecutor();
        try {
            changes.scheduleAtFixedRate(registryWork, 0, TELLING_MILLIS, TimeUnit.MILLISECONDS);
            return load.run(length);
        } finally {
            changes.shutdownNow();
            changes.awaitTermination(1, TimeUnit.SECONDS);
        }
    }

    /** Takes away as many as are brought back; about a tenth is away at a time. */
    private void change() {
        int changes = Math.max(1, changesPerSecond * TELLING_MILLIS / 1000);
        int lag = all.size() / 10;
        for (int i = 0; i < changes; i++) {
            boolean takes = i % 2 == 0;
            isAway[Math.floorMod(takes ? cursor : cursor - lag, all.size())] = takes;
            cursor += takes ? 0 : 1;
        }
        look();
        registry.set(present);
    }

    private void look() {
        List<Endpoint> found = new ArrayList<>(all.size());
        for (int i = 0; i < isAway.length; i++) {
            if (!isAway[i]) {
                found.add(all.get(i));
            }
        }
        present = found;
    }

    private static long controlNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && Objects.equals(info.getThreadName(), "lb4j-control")) {
                nanos += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return nanos;
    }
}
