package io.lb4j.acme.internal.authority;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.PollableResource;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;

/** Waits for what an authority does in its own time: as long as it says, or a little longer each time. */
final class Polling {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private Polling() {}

    /**
     * Asks for the status until it is one of some.
     *
     * @return the status; another one if five minutes were not enough
     */
    static Status poll(PollableResource resource, Set<Status> ends) throws AcmeException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        Duration pause = FIRST;
        while (true) {
            Optional<Instant> asked = resource.fetch();
            Status status = resource.getStatus();
            Instant now = Instant.now();
            if (ends.contains(status) || now.isAfter(end)) {
                return status;
            }
            Duration wished = asked.map(at -> Duration.between(now, at)).orElse(pause);
            Thread.sleep(clamped(wished).toMillis());
            pause = shorter(pause.multipliedBy(2), LONGEST);
        }
    }

    private static Duration clamped(Duration wished) {
        return wished.compareTo(FIRST) < 0 ? FIRST : shorter(wished, LONGEST_ASKED);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
