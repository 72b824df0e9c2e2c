package io.lb4j.plugins.jwt;

import io.lb4j.config.Settings;
import io.lb4j.spi.PluginContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where keys come from. They are fetched by a thread of the plugin's own: at the start, from time to time, and when a token names one that is unknown,
 * though not too often. What cannot be fetched leaves the keys as they are. Thread-safe.
 */
final class KeySource {
    private static final Logger LOGGER = LoggerFactory.getLogger(KeySource.class);
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_WAITING = 1_000;
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration FILE_LOOK = Duration.ofSeconds(2);

    private final Settings settings;
    private final ScheduledExecutorService worker;
    private final PluginContext.Dependency origin;
    private final long minRefreshNanos;
    private volatile KeySet keys = KeySet.NONE;
    private volatile long fetchedNanos; // when it was tried last
    private @Nullable FileTime fileTime; // confined to the worker, after the start, as is the next one
    private boolean isRetried; // is about to be, after a failure
    private final List<Runnable> waiting = new ArrayList<>(); // guarded by itself

    KeySource(Settings settings, PluginContext context) {
        this.settings = settings;
        worker = context.scheduler();
        origin = context.dependency("keys");
        minRefreshNanos = settings.value(JwtOptions.MIN_REFRESH).toNanos();
        fetchedNanos = System.nanoTime() - minRefreshNanos;
    }

    /** Fetches keys for the first time, and begins to follow them. A service that cannot be asked is asked again. */
    void start() {
        Optional<String> secret = settings.find(JwtOptions.SECRET);
        if (secret.isPresent()) {
            keys = KeySet.of(secret.get());
            return;
        }
        Optional<Path> file = settings.find(JwtOptions.JWKS_FILE);
        if (file.isPresent()) {
            try {
                read(file.get());
            } catch (IOException | ParseException e) {
                throw new IllegalArgumentException("jwks_file: " + file.get() + ": " + e.getMessage(), e);
            }
            every(FILE_LOOK, () -> look(file.get()));
            return;
        }
        fetch();
        every(settings.value(JwtOptions.REFRESH), this::fetch);
    }

    private void every(Duration interval, Runnable task) {
        worker.scheduleWithFixedDelay(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    KeySet keys() {
        return keys;
    }

    /**
     * Has keys fetched, unless that has just been done.
     *
     * @param then called once that has been tried, on the worker; never, if this returns false
     */
    boolean refetch(Runnable then) {
        if (settings.find(JwtOptions.JWKS).isEmpty()) {
            return false;
        }
        synchronized (waiting) {
            boolean under = !waiting.isEmpty();
            if (waiting.size() >= MOST_WAITING || (!under && System.nanoTime() - fetchedNanos < minRefreshNanos)) {
                return false;
            }
            waiting.add(then);
            if (under) {
                return true;
            }
        }
        try {
            worker.execute(this::fetch);
        } catch (RejectedExecutionException e) {
            LOGGER.debug("keys are not fetched any longer", e);
        }
        return true;
    }

    private void fetch() {
        URI address = settings.value(JwtOptions.JWKS);
        try {
            replace(KeySet.parse(get(address)), address);
        } catch (IOException | ParseException | RuntimeException e) {
            stay(address, e);
            retry();
        }
        List<Runnable> told;
        synchronized (waiting) {
            fetchedNanos = System.nanoTime();
            told = List.copyOf(waiting);
            waiting.clear();
        }
        told.forEach(Runnable::run);
    }

    /** What cannot be used is told of. */
    private void stay(Object from, Exception reason) {
        LOGGER.debug("keys stay as they are: {} cannot be used", from, reason);
        origin.troubled((keys.isEmpty() ? "there are no keys: " : "keys stay as they are: ") + from + ": " + reason);
    }

    /** Asks again soon, whoever else may ask before. */
    private void retry() {
        if (!isRetried) {
            isRetried = true;
            worker.schedule(
                    () -> {
                        isRetried = false;
                        fetch();
                    },
                    Math.max(minRefreshNanos, SOON_NANOS),
                    TimeUnit.NANOSECONDS);
        }
    }

    private void replace(KeySet next, Object from) {
        origin.well();
        if (!next.equals(keys)) {
            LOGGER.info("keys are taken from {}", from);
            keys = next;
        }
    }

    private String get(URI address) throws IOException {
        long deadline = System.nanoTime() + settings.value(JwtOptions.TIMEOUT).toNanos();
        int timeout = (int)
                Math.min(Integer.MAX_VALUE, settings.value(JwtOptions.TIMEOUT).toMillis());
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        try {
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(timeout);
            connection.setReadTimeout(timeout);
            connection.setRequestProperty("Accept", "application/jwk-set+json, application/json");
            connection.setRequestProperty("Connection", "close");
            if (connection.getResponseCode() != 200) {
                throw new IOException("status " + connection.getResponseCode());
            }
            try (InputStream in = connection.getInputStream()) {
                return read(in, deadline);
            }
        } finally {
            connection.disconnect();
        }
    }

    private static String read(InputStream in, long deadlineNanos) throws IOException {
        byte[] content = new byte[LARGEST + 1];
        int length = 0;
        for (int count = 0; count >= 0; count = in.read(content, length, content.length - length)) {
            length += count;
            if (length > LARGEST) {
                throw new IOException("larger than 256 KiB");
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IOException("too slow");
            }
        }
        return new String(content, 0, length, StandardCharsets.UTF_8);
    }

    private void read(Path file) throws IOException, ParseException {
        FileTime time = Files.getLastModifiedTime(file);
        replace(parse(file), file);
        fileTime = time;
    }

    static KeySet parse(Path file) throws IOException, ParseException {
        try (InputStream in = Files.newInputStream(file)) {
            return KeySet.parse(new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8));
        }
    }

    private void look(Path file) {
        try {
            if (!Files.getLastModifiedTime(file).equals(fileTime)) {
                read(file);
            }
        } catch (IOException | ParseException | RuntimeException e) {
            stay(file, e);
        }
    }
}
