package io.lb4j.server;

import org.jspecify.annotations.Nullable;

/**
 * Readings of the configuration that somebody asks for who does not wait for them. They come one after the other, one for all that were asked for during the one before, and
 * none before there is something to read again. Thread-safe.
 */
final class Reloads {
    private @Nullable Runnable reload; // guarded by this, as are the next
    private boolean isAskedFor;
    private boolean isUnderWay;

    /** Asks for one, which may happen on this thread. */
    void ask() {
        synchronized (this) {
            isAskedFor = true;
        }
        runThoseAskedFor();
    }

    /** Names what they do; it is done at once if one was asked for already. */
    void begin(Runnable reloading) {
        synchronized (this) {
            reload = reloading;
        }
        runThoseAskedFor();
    }

    private void runThoseAskedFor() {
        for (Runnable next = next(); next != null; next = next()) {
            try {
                next.run();
            } finally {
                ended();
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        if (reload == null || !isAskedFor || isUnderWay) {
            return null;
        }
        isAskedFor = false;
        isUnderWay = true;
        return reload;
    }

    private synchronized void ended() {
        isUnderWay = false;
    }
}
