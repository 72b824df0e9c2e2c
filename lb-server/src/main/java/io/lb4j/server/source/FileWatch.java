package io.lb4j.server.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at files from time to time, on a thread of its own, and tells when they have changed and then stayed as they are from one look to the next: a
 * file that is being written is not told. Times, sizes and identities are compared, behind symbolic links, so that a file that is exchanged for
 * another of the same name, and a link that leads elsewhere, are changes; the system's own watches differ there. Thread-safe.
 */
public final class FileWatch implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration END_TIMEOUT = Duration.ofSeconds(20);

    private final Duration interval;
    private final Supplier<? extends Collection<Path>> files;
    private final Runnable onChange;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private FileWatch(Duration interval, Supplier<? extends Collection<Path>> files, Runnable onChange) {
        this.interval = interval;
        this.files = files;
        this.onChange = onChange;
        thread = new Thread(this::look, "lb4j-config-files");
        thread.setDaemon(true);
    }

    /**
     * Begins to look.
     *
     * @param interval between two looks
     * @param files asked each time
     * @param onChange called on the watch's thread, and once soon after the start, for what has changed before it
     */
    public static FileWatch start(Duration interval, Supplier<? extends Collection<Path>> files, Runnable onChange) {
        FileWatch watch = new FileWatch(interval, files, onChange);
        watch.thread.start();
        return watch;
    }

    private void look() {
        Map<Path, String> last = stamps();
        boolean isNews = true;
        while (!isClosedWithinInterval()) {
            Map<Path, String> now = stamps();
            if (!now.equals(last)) {
                last = now;
                isNews = true;
            } else if (isNews) {
                isNews = false;
                tell();
            }
        }
    }

    private void tell() {
        try {
            onChange.run();
        } catch (RuntimeException e) {
            // Thrown further, it would end the watch in silence.
            LOGGER.error("a change of configuration files could not be dealt with", e);
        }
    }

    private boolean isClosedWithinInterval() {
        try {
            return closed.await(interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            return true; // nobody but the end of the process interrupts it
        }
    }

    private Map<Path, String> stamps() {
        Map<Path, String> stamps = new TreeMap<>();
        for (Path file : files.get()) {
            stamps.put(file, stamp(file));
        }
        return stamps;
    }

    private static String stamp(Path file) {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return real + "|" + attributes.lastModifiedTime() + "|" + attributes.size() + "|" + attributes.fileKey();
        } catch (IOException e) {
            return FileTrouble.of(e);
        }
    }

    /** Looks no more; what is being told goes on. */
    public void stop() {
        closed.countDown();
    }

    /** Looks no more. When it returns, nothing is being told any longer, unless the watch's own thread calls it. */
    @Override
    public void close() {
        stop();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            thread.join(END_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
