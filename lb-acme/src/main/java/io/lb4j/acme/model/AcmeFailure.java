package io.lb4j.acme.model;

import java.time.Instant;
import java.util.Optional;

/**
 * A certificate could not be obtained. The message says of which authority, which name and which challenge, what the authority answered and
 * what can be done.
 */
public final class AcmeFailure extends Exception {
    private static final long serialVersionUID = 1;

    /** The kinds of failures, by what helps. */
    public enum Kind {
        /** The authority does not answer, or not as one: it is asked again later. */
        UNREACHABLE,
        /** The authority has had too many requests: it says when to come back. */
        RATE_LIMITED,
        /** A name could not be validated: what the name leads to has to change. */
        CHALLENGE_FAILED,
        /** The authority refuses: what is asked for has to change. */
        REFUSED,
        /** Another instance has taken over, because this one stood still: what it obtains is served. */
        OVERTAKEN,
        /** Storage or a DNS provider failed: it is tried again later. */
        LOCAL
    }

    private final Kind kind;
    private final transient Details details;

    /**
     * What is known beside the message.
     *
     * @param name the name it is about
     * @param challenge the challenge it is about
     * @param problem the type of the authority's problem document (RFC 8555 §6.7): {@code urn:ietf:params:acme:error:caa}
     * @param retryAfter when the authority wants to be asked again
     */
    public record Details(
            Optional<String> name,
            Optional<ChallengeType> challenge,
            Optional<String> problem,
            Optional<Instant> retryAfter) {
        /** Nothing is known. */
        public static final Details NONE =
                new Details(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Creates a failure. */
    public AcmeFailure(Kind kind, String message, Details details) {
        super(message);
        this.kind = kind;
        this.details = details;
    }

    /** Creates a failure of which nothing else is known. */
    public AcmeFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.details = Details.NONE;
    }

    /** Returns what kind of failure it is. */
    public Kind kind() {
        return kind;
    }

    /** Returns what is known beside the message. */
    public Details details() {
        return details;
    }
}
