package io.lb4j.internal.tls;

import io.lb4j.spi.TicketKey;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets that session tickets are sealed with (RFC 5077 §4), shared by every TLS context of a balancer, so that a client can resume
 * its session after a certificate was swapped. The newest seals; the ones before still open what they sealed.
 *
 * <p>What the contexts use is derived for each <em>domain</em>: contexts that demand the same of their clients. A ticket from a context
 * that asks for no client certificate would otherwise open one that does. Thread-safe.
 */
public final class TicketKeys {
    /** How often a new secret should take over. With {@value #KEPT} kept, a ticket is good for 24 hours at least. */
    public static final Duration ROTATION = Duration.ofHours(12);

    private static final int KEPT = 3;
    private static final int SECRET_BYTES = 48;
    private static final int PART_BYTES = 16;
    private static final String DERIVATION = "HmacSHA384"; // 48 octets: just what a key, a MAC key and a name need

    private static final SecureRandom RANDOM = new SecureRandom();
    private final List<Runnable> users = new CopyOnWriteArrayList<>();
    private volatile List<byte[]> secrets; // the one that seals first

    private TicketKeys() {
        secrets = List.of(newSecret());
    }

    /** Makes the first secret. */
    public static TicketKeys create() {
        return new TicketKeys();
    }

    /** Makes a new secret that seals from now on, and forgets the oldest if there are too many. */
    public synchronized void rotate() {
        List<byte[]> rotated = new ArrayList<>();
        rotated.add(newSecret());
        rotated.addAll(secrets.subList(0, Math.min(secrets.size(), KEPT - 1)));
        secrets = List.copyOf(rotated);
        users.forEach(Runnable::run);
    }

    /**
     * Rotates again and again.
     *
     * @param period {@link #ROTATION} if nothing speaks against it
     * @return cancels it
     */
    public Future<?> rotateEvery(Duration period, EventExecutor executor) {
        return executor.scheduleAtFixedRate(this::rotate, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    void addUser(Runnable onRotation) {
        users.add(onRotation);
    }

    void removeUser(Runnable onRotation) {
        users.remove(onRotation);
    }

    /** Returns the keys of a domain, the one that seals first. */
    List<TicketKey> forDomain(byte[] domain) {
        return secrets.stream().map(secret -> derive(secret, domain)).toList();
    }

    static byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(secret);
        return secret;
    }

    static void requireSecret(byte[] octets) {
        if (octets.length != SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "ticket secret: " + octets.length + " octets (expected: " + SECRET_BYTES + ")");
        }
    }

    /** Goes by these secrets from now on; the first seals. */
    synchronized void use(List<byte[]> others) {
        if (isSame(others)) {
            return;
        }
        secrets = others.stream().map(byte[]::clone).toList();
        users.forEach(Runnable::run);
    }

    private boolean isSame(List<byte[]> others) {
        List<byte[]> known = secrets;
        return known.size() == others.size()
                && IntStream.range(0, known.size()).allMatch(i -> MessageDigest.isEqual(known.get(i), others.get(i)));
    }

    private static TicketKey derive(byte[] secret, byte[] domain) {
        try {
            Mac mac = Mac.getInstance(DERIVATION);
            mac.init(new SecretKeySpec(secret, DERIVATION));
            byte[] derived = mac.doFinal(domain);
            return new TicketKey(part(derived, 0), part(derived, 1), part(derived, 2));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + DERIVATION, e);
        }
    }

    private static byte[] part(byte[] derived, int index) {
        return Arrays.copyOfRange(derived, index * PART_BYTES, (index + 1) * PART_BYTES);
    }
}
