package io.lb4j.discovery;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** A server does not answer now, and says how long it wants to be left alone: {@code Retry-After} (RFC 9110 §10.2.3) with 429 or 503. */
final class HttpBusy extends IOException {
    private static final long serialVersionUID = 1L;
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final Duration wanted;

    /**
     * Describes the refusal.
     *
     * @param wanted how long the server wants to be left alone
     */
    HttpBusy(String message, Duration wanted) {
        super(message);
        this.wanted = wanted;
    }

    static boolean isSaidBy(int status) {
        return status == TOO_MANY_REQUESTS || status == UNAVAILABLE;
    }

    /** Returns how long the server is left alone: as it wants, but half a minute at the most, or the interval if that is longer. */
    Duration pause(Duration interval) {
        Duration longest = interval.compareTo(LONGEST) > 0 ? interval : LONGEST;
        return wanted.compareTo(longest) > 0 ? longest : wanted;
    }

    /** Returns how long that is, said in seconds or by a date; zero if it can be read as neither. */
    static Duration wanted(Optional<String> retryAfter, Instant now) {
        String text = retryAfter.map(String::strip).orElse("0");
        if (text.matches("[0-9]{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return until.isAfter(now) ? Duration.between(now, until) : Duration.ZERO;
        } catch (DateTimeParseException e) {
            return Duration.ZERO; // then the back-off alone says when to ask again
        }
    }
}
