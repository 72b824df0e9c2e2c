package io.lb4j.internal.accept;

import io.lb4j.internal.loop.LoopContext;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The transport in use and its event loops, with what belongs to each. Thread-safe; whoever opened it closes it, after all channels.
 *
 * <p>The loops stand alone rather than in Netty's group: a group reports its end through Netty's global executor, whose thread would
 * outlive {@link #close} by a second, and the list below is what every stage indexes by anyway.
 */
public final class Transports {

    private final TransportKind kind;
    private final List<Thread> threads = new ArrayList<>(); // guarded by itself
    private final List<SingleThreadIoEventLoop> eventLoops;
    private final List<LoopContext> loops;
    private final AtomicInteger nextLoop = new AtomicInteger();

    private Transports(TransportSettings settings, TransportKind kind) {
        this.kind = kind;
        List<SingleThreadIoEventLoop> made = new ArrayList<>();
        List<LoopContext> contexts = new ArrayList<>();
        try {
            for (int i = 0; i < settings.loops(); i++) {
                SingleThreadIoEventLoop loop =
                        new SingleThreadIoEventLoop(null, threadFactory(settings, i), kind.ioHandlers());
                made.add(loop);
                contexts.add(new LoopContext(loop, i));
            }
        } catch (RuntimeException | Error e) {
            // Descriptors have run out, say: the loops made so far hold some too.
            made.forEach(loop -> loop.shutdownGracefully(0, 0, TimeUnit.SECONDS));
            throw e;
        }
        eventLoops = List.copyOf(made);
        loops = List.copyOf(contexts);
    }

    /**
     * Opens the transport: starts nothing yet but holds a descriptor or two for each loop.
     *
     * @throws IllegalStateException if the transport that the settings insist on cannot be used here; the cause says why
     */
    public static Transports open(TransportSettings settings) {
        TransportKind kind = settings.kind().orElseGet(TransportKind::automatic);
        kind.unavailabilityCause().ifPresent(cause -> {
            throw new IllegalStateException(
                    "transport: " + kind + " is not available here: " + rootMessage(cause)
                            + " (expected: a transport that this platform has, with its native library on the class path)",
                    cause);
        });
        return new Transports(settings, kind);
    }

    /** Returns the transport in use; it makes the sockets. */
    public TransportKind kind() {
        return kind;
    }

    /** Returns the loops' contexts, each at its index. */
    public List<LoopContext> loops() {
        return loops;
    }

    /** Returns whether the caller is on one of the event loops. */
    public boolean isOnLoop() {
        return eventLoops.stream().anyMatch(SingleThreadIoEventLoop::inEventLoop);
    }

    /** Returns a loop, another one each time: the home of something that needs one. */
    LoopContext nextLoop() {
        return loops.get(Math.floorMod(nextLoop.getAndIncrement(), loops.size()));
    }

    /**
     * Stops the loops and waits until their threads have ended. Channels that are still open are closed. Idempotent. Must not be called
     * from an event loop.
     *
     * @param deadline how long to wait at most
     * @return whether every thread had ended in time
     */
    public boolean close(Duration deadline) {
        long endNanos = System.nanoTime() + deadline.toNanos();
        eventLoops.forEach(loop -> shutDown(loop, deadline));
        boolean ended = true;
        try {
            for (SingleThreadIoEventLoop loop : eventLoops) {
                ended &= loop.awaitTermination(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
            // A loop calls itself terminated a moment before its thread has ended.
            for (Thread thread : startedThreads()) {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, endNanos - System.nanoTime()));
                ended &= !thread.isAlive();
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void shutDown(SingleThreadIoEventLoop loop, Duration deadline) {
        // A loop that runs tasks when it is told to end would leave its channels open and go. With something to do at
        // the
        // end, and a moment of quiet to wait for after that, it goes round once more, and closes them.
        if (!loop.isShuttingDown()) {
            loop.addShutdownHook(() -> {});
        }
        loop.shutdownGracefully(1, Math.max(1, deadline.toNanos()), TimeUnit.NANOSECONDS);
    }

    private List<Thread> startedThreads() {
        synchronized (threads) {
            return List.copyOf(threads);
        }
    }

    private ThreadFactory threadFactory(TransportSettings settings, int index) {
        return task -> {
            Thread thread = new FastThreadLocalThread(task, settings.threadPrefix() + index);
            thread.setDaemon(settings.daemon());
            synchronized (threads) {
                threads.add(thread);
            }
            return thread;
        };
    }

    private static String rootMessage(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
