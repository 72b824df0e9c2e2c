package io.lb4j.plugins.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Credentials that were right a while ago, so that not every request has to wait for a hash. They are kept as digests under a key
 * of this process. Thread-safe.
 */
final class Remembered {
    private static final int MOST = 10_000;
    private static final int KEY_OCTETS = 32;

    private final byte[] key = new byte[KEY_OCTETS];
    private final ConcurrentHashMap<String, Long> untilNanos = new ConcurrentHashMap<>();
    private final long keptNanos;
    private final LongSupplier clock;

    Remembered(Duration kept, LongSupplier clock) {
        new SecureRandom().nextBytes(key);
        keptNanos = kept.toNanos();
        this.clock = clock;
    }

    private String digest(String user, byte[] password) {
        MessageDigest sha256 = KeyDigest.sha256();
        sha256.update(key);
        sha256.update(user.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) ':'); // which no user has in the name
        return HexFormat.of().formatHex(sha256.digest(password));
    }

    boolean knows(String user, byte[] password) {
        Long until = untilNanos.get(digest(user, password));
        return until != null && until - clock.getAsLong() > 0;
    }

    void add(String user, byte[] password) {
        if (keptNanos > 0) {
            if (untilNanos.size() >= MOST) {
                makeRoom();
            }
            untilNanos.put(digest(user, password), clock.getAsLong() + keptNanos);
        }
    }

    private void makeRoom() {
        long now = clock.getAsLong();
        untilNanos.values().removeIf(until -> until - now <= 0);
        Iterator<String> any = untilNanos.keySet().iterator();
        if (untilNanos.size() >= MOST && any.hasNext()) {
            any.next();
            any.remove();
        }
    }

    /** Forgets all: passwords may have changed. */
    void clear() {
        untilNanos.clear();
    }
}
