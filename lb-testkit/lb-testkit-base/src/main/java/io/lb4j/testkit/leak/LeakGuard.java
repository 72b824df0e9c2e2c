package io.lb4j.testkit.leak;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A JUnit extension that fails the tests when Netty reports a leak, with detection at paranoid.
 *
 * <p>Registered for every test by {@code META-INF/services} where {@code junit.jupiter.extensions.autodetection.enabled} is
 * true, or for one class by {@code @ExtendWith}. Off with the configuration parameter
 * {@code io.lb4j.testkit.leakGuard=off}.
 *
 * <p>A leak is found only after a garbage collection, which costs tens of milliseconds. So there is one at the end of the
 * run, and before that at most one in two seconds: after a top-level class, and only if a resource has been tracked since
 * the last. A failure names all classes that have ended since then, and its records tell where the resource was allocated
 * and touched. The cost is a few percent of a long run and one collection of a short one.
 */
public final class LeakGuard implements BeforeAllCallback, AfterAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(LeakGuard.class);
    private static final String SWITCH = "io.lb4j.testkit.leakGuard";
    private static final long INTERVAL_NANOS = 2_000_000_000;
    private static final Rounds ROUNDS = new Rounds();

    /** Called by JUnit. */
    public LeakGuard() {
        LeakReports.install();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isGuarded(context)) {
            context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent(EndOfRun.class);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isGuarded(context) && ROUNDS.isDueAfter(context.getDisplayName())) {
            ROUNDS.look();
        }
    }

    private static boolean isGuarded(ExtensionContext context) {
        boolean topLevel =
                context.getParent().flatMap(ExtensionContext::getTestClass).isEmpty();
        boolean switchedOff =
                context.getConfigurationParameter(SWITCH).filter("off"::equals).isPresent();
        return topLevel && !switchedOff;
    }

    /** Held by JUnit's root store, which closes it after the last test. */
    static final class EndOfRun implements AutoCloseable {
        @Override
        public void close() {
            if (LeakReports.tracked() > 0) {
                ROUNDS.look();
            }
        }
    }

    /** When to look for leaks, and which classes may have made them. Thread-safe. */
    private static final class Rounds {
        private final Set<String> suspects = new LinkedHashSet<>(); // guarded by this
        private long lastNanos = System.nanoTime() - INTERVAL_NANOS; // guarded by this
        private long lastTracked; // guarded by this

        synchronized boolean isDueAfter(String testClass) {
            suspects.add(testClass);
            return System.nanoTime() - lastNanos >= INTERVAL_NANOS && LeakReports.tracked() > lastTracked;
        }

        synchronized void look() {
            List<String> leaks = LeakReports.collect();
            String since = String.join(", ", suspects);
            suspects.clear();
            lastNanos = System.nanoTime();
            lastTracked = LeakReports.tracked();
            if (!leaks.isEmpty()) {
                throw new AssertionError(leaks.size() + " distinct leaks (expected: none), by one of " + since
                        + " or a class that still runs:\n" + String.join("\n", leaks));
            }
        }
    }
}
