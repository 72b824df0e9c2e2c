package io.lb4j.acme.internal.authority;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
        return poll(resource, ends::contains);
    }

    /**
     * Asks for the status until it is one of some.
     *
     * @param isEnd is asked of it, and may look at what else the resource says
     * @return the status; another one if five minutes were not enough
     */
    static Status poll(PollableResource resource, Predicate<Status> isEnd) throws AcmeException, InterruptedException {
        long beginNanos = System.nanoTime(); // a clock that is set meanwhile neither ends the wait nor draws it out
        Duration pause = FIRST;
        while (true) {
            Optional<Instant> asked = resource.fetch();
            Status status = resource.getStatus();
            if (isEnd.test(status) || System.nanoTime() - beginNanos > PATIENCE.toNanos()) {
                return status;
            }
            Instant now = Instant.now();
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
