package io.lb4j.acme.internal.life;

import io.lb4j.acme.internal.archive.RenewalState;
import io.lb4j.acme.internal.archive.RenewalWindow;
import io.lb4j.acme.internal.archive.StoredCertificate;
import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is renewed: when the authority wants it to (RFC 9773), and where it does not say, in the last share of its lifetime, not
 * earlier than so many days before its end. Shares are what counts, because lifetimes shrink: 30 days would be half of a lifetime of 60.
 * Certificates of one day are spread by chance, which the serial number throws: all instances come to the same time. Immutable.
 *
 * @param share of the lifetime
 * @param before its end
 */
record RenewalTime(double share, Duration before) {
    /** In this last part of the lifetime nothing that the authority wishes is waited for. */
    private static final int EMERGENCY_PART = 20;

    /** Of the lifetime, by how many certificates before were replaced as soon as they came. */
    private static final double[] KEPT_SHARES = {0, 1 / 8.0, 1 / 4.0, 1 / 2.0};

    private static final int SPREAD_PART = 10; // of the time ahead of the end

    /** @param state of this very certificate */
    Instant of(StoredCertificate stored, RenewalState state) {
        if (state.isRevoked()) {
            return Instant.EPOCH;
        }
        if (state.window().isEmpty()) {
            Duration ahead = ahead(stored);
            return end(stored).minus(ahead).plus(part(ahead.dividedBy(SPREAD_PART), stored));
        }
        Instant chosen = chosen(state.window().get(), stored);
        Instant heeded = isOverFromTheBeginning(chosen, stored) ? later(chosen, kept(stored, state.hurried())) : chosen;
        Instant emergency = emergency(stored);
        return heeded.isBefore(emergency) ? heeded : emergency;
    }

    /**
     * Returns whether a certificate is to be renewed because of a wish that was over before it came. It can be right once; a wish that is always over
     * would have each certificate replaced by the next without end.
     */
    boolean isHurried(StoredCertificate stored, RenewalState state) {
        return !state.isRevoked()
                && state.window()
                        .filter(window -> isOverFromTheBeginning(chosen(window, stored), stored))
                        .isPresent();
    }

    private static boolean isOverFromTheBeginning(Instant chosen, StoredCertificate stored) {
        return !chosen.isAfter(stored.obtainedAt());
    }

    /** Returns until when a certificate is kept whatever its authority wishes, where those before it were replaced as soon as they came. */
    private static Instant kept(StoredCertificate stored, int hurried) {
        double share = KEPT_SHARES[Math.min(hurried, KEPT_SHARES.length - 1)];
        return stored.certificate().notBefore().plusMillis((long)
                (stored.lifetime().toMillis() * share));
    }

    /**
     * Returns a time within the authority's wish. Where lifetimes are short, a window may begin before the certificate does: who chose a time there
     * would renew what has just come, again and again.
     */
    private static Instant chosen(RenewalWindow window, StoredCertificate stored) {
        Instant start = later(window.start(), stored.certificate().notBefore());
        return start.plus(part(Duration.between(start, later(start, window.end())), stored));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Returns from when on nothing else matters than to have another certificate in time. */
    static Instant emergency(StoredCertificate stored) {
        return end(stored).minus(stored.lifetime().dividedBy(EMERGENCY_PART));
    }

    private static Instant end(StoredCertificate stored) {
        return stored.certificate().notAfter();
    }

    private Duration ahead(StoredCertificate stored) {
        Duration byShare = Duration.ofMillis((long) (stored.lifetime().toMillis() * share));
        return byShare.compareTo(before) < 0 ? byShare : before;
    }

    private static Duration part(Duration whole, StoredCertificate stored) {
        long thrown = Integer.toUnsignedLong(stored.serial().hashCode() * 0x9E3779B9); // Knuth's multiplicative hash
        return Duration.ofMillis((long) (whole.toMillis() * (thrown / (double) (1L << Integer.SIZE))));
    }
}
