package io.lb4j.server.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where requests are answered: on threads that may block, a few at a time. Thread-safe. */
final class AdminDesk implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminDesk.class);
    private static final int WORKERS = 4;
    private static final int WAITING = 64;
    private static final int STREAMS = 8;
    private static final long LOOK_MILLIS = 500;
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);

    private final Supplier<Gate> gate;
    private final List<AdminRoute> routes;
    private final Duration patience;
    private final ThreadPoolExecutor workers = pool(
            WORKERS, new ThreadPoolExecutor(WORKERS, WORKERS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING)));
    private final ThreadPoolExecutor streams =
            pool(STREAMS, new ThreadPoolExecutor(0, STREAMS, 10, TimeUnit.SECONDS, new SynchronousQueue<>()));
    private final Object writability = new Object();

    /** @param patience how long a client that listens to events may take nothing */
    AdminDesk(Supplier<Gate> gate, List<AdminRoute> routes, Duration patience) {
        this.gate = gate;
        this.routes = List.copyOf(routes);
        this.patience = patience;
    }

    private static ThreadPoolExecutor pool(int size, ThreadPoolExecutor pool) {
        AtomicInteger count = new AtomicInteger();
        pool.setThreadFactory(task -> {
            Thread thread = new Thread(task, "lb4j-admin-" + size + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    Gate gate() {
        return gate.get();
    }

    /** Returns what answers a request. */
    AdminRoute route(String method, String path) throws Problem {
        List<AdminRoute> fitting =
                routes.stream().filter(route -> route.match(path).isPresent()).toList();
        if (fitting.isEmpty()) {
            throw new Problem(404, "there is nothing of this path; see /openapi.json");
        }
        return fitting.stream()
                .filter(route -> route.method().equals(method))
                .findFirst()
                .orElseThrow(() ->
                        Problem.method(fitting.stream().map(AdminRoute::method).toList()));
    }

    void execute(Runnable task) {
        workers.execute(task);
    }

    AdminResponse answer(AdminRoute route, AdminRequest request) {
        try {
            if (route.takesNoBody()) {
                Bodies.requireNone(request.body());
            }
            return route.action().answer(request);
        } catch (Problem e) {
            return response(e);
        } catch (RuntimeException e) {
            LOGGER.warn("{} {} failed", route.method(), route.template(), e);
            return response(new Problem(500, "it failed, and the log says why"));
        }
    }

    static AdminResponse response(Problem problem) {
        return problem.response(HttpResponseStatus.valueOf(problem.status()).reasonPhrase());
    }

    /**
     * Sends events until the client is gone.
     *
     * @throws Problem if there are too many who listen; the stream is closed then
     */
    void stream(EventStream stream, ChannelHandlerContext ctx) throws Problem {
        try {
            streams.execute(() -> {
                try (stream) {
                    stream.run(new ChannelReceiver(ctx.channel()));
                } catch (InterruptedException e) {
                    LOGGER.debug("a stream of events ends with the server");
                } finally {
                    ctx.close();
                }
            });
        } catch (RejectedExecutionException e) {
            stream.close();
            throw new Problem(503, "too many who listen to events (expected: at most " + STREAMS + " at once)");
        }
    }

    /** Has those look again who wait for a client to take what they have sent. */
    void wake() {
        synchronized (writability) {
            writability.notifyAll();
        }
    }

    /** A client that takes events. */
    private final class ChannelReceiver implements EventStream.Receiver {
        private final Channel channel;

        ChannelReceiver(Channel channel) {
            this.channel = channel;
        }

        @Override
        public boolean event(String name, String data) throws InterruptedException {
            return send("event: " + name + "\ndata: " + data + "\n\n");
        }

        @Override
        public boolean comment(String text) throws InterruptedException {
            return send(": " + text + "\n\n");
        }

        private boolean send(String text) throws InterruptedException {
            long end = System.nanoTime() + patience.toNanos();
            synchronized (writability) {
                while (channel.isActive() && !channel.isWritable()) {
                    writability.wait(LOOK_MILLIS);
                    if (System.nanoTime() - end > 0) {
                        channel.close(); // others want to listen
                    }
                }
            }
            channel.writeAndFlush(
                    new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)), channel.voidPromise());
            return channel.isActive();
        }
    }

    /** Ends what is being answered. */
    @Override
    public void close() {
        for (ThreadPoolExecutor pool : List.of(workers, streams)) {
            pool.shutdownNow();
        }
        try {
            for (ThreadPoolExecutor pool : List.of(workers, streams)) {
                if (!pool.awaitTermination(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOGGER.warn("a request of the administration is still being answered");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
