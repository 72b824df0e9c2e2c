package io.lb4j.spi;

import io.lb4j.internal.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A certificate in two files. Immutable; each {@code with} returns a changed copy.
 */
public final class PemFiles {
    static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

    private final Path chain;
    private final Path key;
    private final Optional<char[]> password;
    private final Duration pollInterval;

    private PemFiles(Path chain, Path key, Optional<char[]> password, Duration pollInterval) {
        this.chain = chain;
        this.key = key;
        this.password = password;
        this.pollInterval = pollInterval;
    }

    /**
     * Names the files; the same file may hold both. Defaults: no password, looked at every 2 seconds.
     *
     * @param chain certificates, the end-entity certificate first
     * @param key PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
     */
    public static PemFiles of(Path chain, Path key) {
        return new PemFiles(chain, key, Optional.empty(), POLL_INTERVAL);
    }

    /** Default: none. Opens a key in PKCS#8 that is encrypted. */
    public PemFiles withPassword(char[] secret) {
        return new PemFiles(chain, key, Optional.of(secret.clone()), pollInterval);
    }

    /**
     * Default: 2 seconds. How often the files' times, sizes and identities are compared.
     *
     * @throws IllegalArgumentException unless it is positive
     */
    public PemFiles withPollInterval(Duration interval) {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("poll interval: " + interval + " (expected: > 0)");
        }
        return new PemFiles(chain, key, password, interval);
    }

    Duration pollInterval() {
        return pollInterval;
    }

    List<Path> paths() {
        return List.of(chain, key);
    }

    List<Certificate> load() throws IOException {
        return List.of(Certificates.fromPem(read(chain), read(key), password));
    }

    /** Returns the files' names. */
    @Override
    public String toString() {
        return chain + ", " + key;
    }

    private static Pem read(Path file) throws IOException {
        return Pem.parse(file.getFileName().toString(), Files.readAllBytes(file));
    }
}
