package io.lb4j.testkit.leak;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Collects what Netty's leak detectors report. Thread-safe; there is one set of reports for the whole JVM, since there is
 * one detector for each type of resource.
 */
public final class LeakReports {
    private static final String LEVEL_PROPERTY = "io.netty.leakDetection.level";
    private static final Duration GC_PATIENCE = Duration.ofSeconds(5);

    private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();
    private static final List<CollectingDetector<?>> DETECTORS = new CopyOnWriteArrayList<>();
    private static final LongAdder TRACKED = new LongAdder();
    private static final LongAdder LIVE = new LongAdder();

    static {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new CollectingFactory());
        if (System.getProperty(LEVEL_PROPERTY) == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        }
    }

    private LeakReports() {}

    /**
     * Begins to collect. Sets Netty's leak detection to paranoid, unless {@code -Dio.netty.leakDetection.level} says
     * otherwise. Types whose classes were initialized before, and so made their detectors, are not seen: call this before
     * the first buffer.
     */
    public static void install() {
        // Loading the class has done it: a static initializer runs once, however many callers there are.
    }

    /**
     * How many resources have been tracked so far.
     *
     * @return grows with every buffer
     */
    public static long tracked() {
        return TRACKED.sum();
    }

    /**
     * How many tracked resources have not been released yet; exact while detection is at paranoid.
     *
     * @return leaked ones included, for ever
     */
    public static long live() {
        return LIVE.sum();
    }

    /**
     * Runs the garbage collector, lets every detector look, and takes away what has been reported since the last call. A
     * resource is reported when it is unreachable but was never released.
     *
     * @return one text for each distinct leak, with the places where the resource was touched
     */
    public static List<String> collect() {
        if (LIVE.sum() > 0) {
            awaitCollection();
            awaitCollection();
        }
        DETECTORS.forEach(CollectingDetector::look);
        List<String> taken = new ArrayList<>();
        for (String report = REPORTS.poll(); report != null; report = REPORTS.poll()) {
            taken.add(report);
        }
        return List.copyOf(taken);
    }

    /**
     * Collects garbage until a reference that died before has been enqueued. What died with it may be enqueued a moment later, but sooner
     * than what the next collection finds: the JDK's thread works off what one has found before it takes what another has.
     */
    private static void awaitCollection() {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> witness = new WeakReference<>(new Object(), queue);
        System.gc();
        try {
            // Null after the patience: a collector may be switched off; then nothing can be found, and nothing is lost.
            queue.remove(GC_PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        witness.clear();
    }

    private static final class CollectingFactory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the only abstract method of the factory; the others delegate to it
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            CollectingDetector<T> detector = new CollectingDetector<>(resource, samplingInterval);
            DETECTORS.add(detector);
            return detector;
        }
    }

    private static final class CollectingDetector<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation") // deprecated in favour of the factory, which is what calls it
        CollectingDetector(Class<?> type, int samplingInterval) {
            super(type, samplingInterval);
        }

        @Override
        public @Nullable ResourceLeakTracker<T> track(T resource) {
            ResourceLeakTracker<T> tracker = super.track(resource);
            if (tracker == null) {
                return null;
            }
            TRACKED.increment();
            LIVE.increment();
            return new CountedTracker<>(tracker);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            REPORTS.add("LEAK: " + resourceType + " was not released" + records);
            super.reportTracedLeak(resourceType, records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            REPORTS.add("LEAK: " + resourceType + " was not released (no records at this level of detection)");
            super.reportUntracedLeak(resourceType);
        }

        /** Detectors look at their queues only when they track something new. */
        @SuppressWarnings("unchecked") // the detector never touches what it tracks
        void look() {
            T nothing = (T) new Object();
            ResourceLeakTracker<T> tracker = super.track(nothing);
            if (tracker != null) {
                tracker.close(nothing);
            }
        }
    }

    /** Counts the release of a resource, and leaves everything else to Netty's tracker. */
    private record CountedTracker<T>(ResourceLeakTracker<T> tracker) implements ResourceLeakTracker<T> {
        @Override
        public void record() {
            tracker.record();
        }

        @Override
        public void record(@Nullable Object hint) {
            tracker.record(hint);
        }

        @Override
        public boolean close(T resource) {
            boolean closed = tracker.close(resource);
            if (closed) {
                LIVE.decrement();
            }
            return closed;
        }

        @Override
        public @Nullable Throwable getCloseStackTraceIfAny() {
            return tracker.getCloseStackTraceIfAny();
        }
    }
}
