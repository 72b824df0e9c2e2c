package io.lb4j.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lb4j.spi.SharedStore;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Secrets of session tickets that the instances of a fleet have in common, in their shared store: a client resumes at any of them. Whoever finds
 * first that it is time writes the next secret, which seals only some minutes later: by then all know it. While the store cannot be asked, what
 * is known goes on. Thread-safe.
 */
public final class SharedTicketSecrets {
    private static final Logger LOGGER = LoggerFactory.getLogger(SharedTicketSecrets.class);
    private static final String KEY = "tls/ticket-secrets";
    private static final Duration PERIOD = Duration.ofMinutes(1);
    /** Between the writing of a secret and its first use: several looks at the store. */
    private static final Duration LEAD = Duration.ofMinutes(5);

    private static final int KEPT = 4; // what is to come, what seals, and two that only open

    private final SharedStore store;
    private final TicketKeys keys;
    private final LongSupplier clockMillis;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean failing;

    /**
     * Shares the secrets of ticket keys.
     *
     * @param clockMillis the time of day, which the instances have to agree on to a few minutes
     */
    public SharedTicketSecrets(SharedStore store, TicketKeys keys, LongSupplier clockMillis) {
        this.store = store;
        this.keys = keys;
        this.clockMillis = clockMillis;
    }

    /** A secret, and from when on it seals. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    private record Secret(long fromMillis, byte[] octets) {}

    /**
     * Looks at the store now, and then once a minute.
     *
     * @param ticks says when
     * @param blocking where the store is asked
     * @return cancels it
     */
    public Future<?> follow(EventExecutor ticks, Executor blocking) {
        return ticks.scheduleAtFixedRate(() -> blocking.execute(this::look), 0, PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return; // the look before takes its time
        }
        try {
            refresh();
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOGGER.warn("secrets of session tickets cannot be shared for now: those that are known go on", e);
            }
            failing = true;
        } finally {
            looking.set(false);
        }
    }

    /**
     * Takes over what the store has, and adds a secret where it is time for one.
     *
     * @throws IOException if the store cannot be asked, or has what cannot be understood
     */
    void refresh() throws IOException {
        long now = clockMillis.getAsLong();
        use(secretsAt(now), now);
    }

    private List<Secret> secretsAt(long now) throws IOException {
        for (; ; ) {
            Optional<SharedStore.Entry> entry = store.get(KEY);
            List<Secret> known = entry.isPresent() ? parse(entry.get().value()) : List.of();
            if (!isDue(known, now)) {
                return known;
            }
            List<Secret> more = new ArrayList<>(known);
            more.add(0, new Secret(known.isEmpty() ? now : now + LEAD.toMillis(), TicketKeys.newSecret()));
            List<Secret> kept = more.subList(0, Math.min(KEPT, more.size()));
            long revision = entry.map(SharedStore.Entry::revision).orElse(0L);
            if (store.putIf(KEY, write(kept), revision).isPresent()) {
                return kept;
            }
            // Another instance was faster: its secret is read, and it is not time for one more.
        }
    }

    private static boolean isDue(List<Secret> newestFirst, long now) {
        return newestFirst.isEmpty()
                || newestFirst.get(0).fromMillis() + TicketKeys.ROTATION.toMillis() <= now + LEAD.toMillis();
    }

    private void use(List<Secret> newestFirst, long now) {
        List<byte[]> order = new ArrayList<>();
        for (Secret secret : newestFirst) {
            order.add(secret.octets());
        }
        for (Secret secret : newestFirst) {
            if (secret.fromMillis() <= now) {
                order.remove(secret.octets());
                order.add(0, secret.octets());
                break;
            }
        }
        keys.use(order);
    }

    private static byte[] write(List<Secret> secrets) {
        StringBuilder text = new StringBuilder();
        for (Secret secret : secrets) {
            text.append(secret.fromMillis())
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(secret.octets()))
                    .append('\n');
        }
        return text.toString().getBytes(US_ASCII);
    }

    private static List<Secret> parse(byte[] value) throws IOException {
        List<Secret> secrets = new ArrayList<>();
        try {
            for (String line : new String(value, US_ASCII).lines().toList()) {
                String[] parts = line.split(" ", 2);
                byte[] octets = Base64.getDecoder().decode(parts[1]);
                TicketKeys.requireSecret(octets);
                secrets.add(new Secret(Long.parseLong(parts[0]), octets));
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            // Without the cause, whose message might tell of a secret.
            throw new IOException(KEY + ": lines that are no secrets (expected: a moment and 48 octets in Base64)");
        }
        secrets.sort(Comparator.comparingLong(Secret::fromMillis).reversed());
        return secrets;
    }
}
