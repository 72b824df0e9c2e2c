package io.lb4j.discovery.consul;

import io.lb4j.model.Configuration;
import io.lb4j.spi.Backoff;
import io.lb4j.spi.ConfigSource;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.kiwiproject.consul.model.ConsulResponse;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.option.ImmutableQueryOptions;

/** The configurations that a key holds, asked for by questions that wait for a change, on a thread of its own. Thread-safe. */
final class ConsulConfigSource implements ConfigSource {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(4);
    private static final Duration END = Duration.ofSeconds(5);

    private final ConsulConnection connection;
    private final String key;
    private final Function<byte[], Configuration> parser;
    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable Thread thread; // guarded by this

    ConsulConfigSource(ConsulConnection connection, String key, Function<byte[], Configuration> parser) {
        this.connection = connection;
        this.key = key;
        this.parser = parser;
    }

    @Override
    public synchronized void watch(Listener listener) {
        if (thread != null) {
            throw new IllegalStateException(this + ": watched already (expected: one watch)");
        }
        thread = new Thread(new Loop(listener), "lb4j-consul-config");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed.countDown();
        connection.close();
        Thread ending;
        synchronized (this) {
            ending = thread;
        }
        try {
            if (ending != null && ending != Thread.currentThread()) {
                ending.join(END.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return connection + ": " + key;
    }

    /** Asks until the source is closed. Confined to its thread. */
    private final class Loop implements Runnable {
        private final Listener listener;
        private final Backoff backoff = new Backoff(FIRST_WAIT, LONGEST_WAIT);
        private BigInteger index = BigInteger.ZERO;
        private byte[] last = {};

        Loop(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void run() {
            boolean isOpen = true;
            while (isOpen) {
                isOpen = !isClosedWithin(round());
            }
        }

        private Duration round() {
            try {
                Optional<ConsulResponse<Value>> answer = connection.askForChange(
                        "read key " + key,
                        client -> client.keyValueClient().getConsulResponseWithValue(key, options()));
                byte[] value = answer.flatMap(found -> found.getResponse().getValueAsBytes())
                        .orElseThrow(() -> new IOException(ConsulConfigSource.this + ": there is no such key"));
                BigInteger next = answer.get().getIndex();
                index = next.compareTo(index) < 0 ? BigInteger.ZERO : next;
                if (!Arrays.equals(value, last)) {
                    last = value;
                    listener.onConfiguration(parser.apply(value));
                }
                backoff.reset();
                return next.signum() > 0 ? PAUSE : ConsulWatch.PAUSE_WITHOUT_INDEX;
            } catch (IOException | RuntimeException e) {
                if (closed.getCount() > 0) {
                    listener.onError(e);
                }
                index = BigInteger.ZERO;
                return backoff.next();
            }
        }

        private ImmutableQueryOptions options() {
            ImmutableQueryOptions.Builder options = ImmutableQueryOptions.builder();
            if (index.signum() > 0) {
                options.index(index)
                        .wait(connection.settings().value(ConsulOptions.WAIT).toSeconds() + "s");
            }
            return options.build();
        }

        private boolean isClosedWithin(Duration time) {
            try {
                return closed.await(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                return true; // nobody but the end of the process interrupts it
            }
        }
    }
}
