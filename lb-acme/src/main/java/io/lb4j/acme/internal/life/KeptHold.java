package io.lb4j.acme.internal.life;

import io.lb4j.acme.storage.AcmeStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that is renewed again and again for as long as it is needed. Thread-safe. */
final class KeptHold implements AcmeStorage.Hold {
    private static final Logger logger = LoggerFactory.getLogger(KeptHold.class);
    private static final int RENEWALS = 5; // in the time that a lock lives

    private final AcmeStorage.Hold hold;
    private final @Nullable ScheduledFuture<?> renewals;

    KeptHold(AcmeStorage.Hold hold, Duration timeToLive, ScheduledExecutorService scheduler) {
        this.hold = hold;
        long period = timeToLive.dividedBy(RENEWALS).toNanos();
        ScheduledFuture<?> begun = null;
        try {
            begun = scheduler.scheduleWithFixedDelay(this::renewQuietly, period, period, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The balancer closes: what is done with the lock will be cut off long before its time is over.
            logger.debug("a lock is not renewed any more", e);
        }
        renewals = begun;
    }

    private void renewQuietly() {
        try {
            renew();
        } catch (IOException | RuntimeException e) {
            logger.debug("a lock could not be renewed; tried again while it lasts", e);
        }
    }

    @Override
    public boolean renew() throws IOException {
        return hold.renew();
    }

    @Override
    public boolean write(String key, byte[] value) throws IOException {
        return hold.write(key, value);
    }

    @Override
    public void close() {
        if (renewals != null) {
            renewals.cancel(false);
        }
        hold.close();
    }
}
