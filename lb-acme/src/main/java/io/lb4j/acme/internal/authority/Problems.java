package io.lb4j.acme.internal.authority;

import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeNotSupportedException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.shredzone.acme4j.exception.AcmeUserActionRequiredException;

/** What went wrong with an authority, in words that say what can be done about it. Immutable. */
final class Problems {
    private static final String ERROR = "urn:ietf:params:acme:error:";

    /** What helps, by the type of the problem document (RFC 8555 §6.7). */
    private static final Map<String, String> ADVICE = Map.of(
            "rejectedIdentifier", "names that the authority issues certificates for",
            "caa", "a CAA record that names the authority, or none",
            "unsupportedIdentifier", "another kind of name, or another profile",
            "externalAccountRequired", "eab_key_id and eab_hmac_key, which the authority gives out",
            "userActionRequired", "somebody to agree to new terms at the authority",
            "rateLimited", "fewer certificates, or patience",
            "badCSR", "another key_type",
            "invalidContact", "an email that the authority takes",
            "unsupportedContact", "an email that the authority takes");

    /** What is said of no request in particular; of nonces, after ten of them (RFC 8555 §6.5). */
    private static final Set<String> PASSING = Set.of(ERROR + "serverInternal", ERROR + "badNonce");

    /** Outside of validations it is said of accounts (RFC 8555 §7.3.6). */
    private static final String UNAUTHORIZED = ERROR + "unauthorized";

    private final String authority;
    private final Refusals refusals;

    /** @param refusals are asked of what the last answer to the thread was */
    Problems(String authority, Refusals refusals) {
        this.authority = authority;
        this.refusals = refusals;
    }

    /** Returns the name of the authority's directory. */
    String authority() {
        return authority;
    }

    /** Returns whether an authority no longer knows something that it once gave out. */
    static boolean isUnknownAccount(AcmeException failure) {
        return failure instanceof AcmeServerException answer
                && answer.getType().toString().equals(ERROR + "accountDoesNotExist");
    }

    /** Returns whether the same may be asked again later: a limit is met, or the authority itself has failed. */
    static boolean isPassing(AcmeServerException answer) {
        return answer instanceof AcmeRateLimitedException
                || PASSING.contains(answer.getType().toString());
    }

    /** Returns whether a certificate cannot be revoked because it is already. */
    static boolean isAlreadyRevoked(AcmeServerException answer) {
        return answer.getType().toString().equals(ERROR + "alreadyRevoked");
    }

    /**
     * Tells what happened to a request, on the thread that made it.
     *
     * @param subject what the request was about: names, or {@code account}
     */
    AcmeFailure of(String subject, AcmeException failure) {
        String who = subject + ": " + authority;
        if (failure instanceof AcmeNetworkException) {
            String reason = String.valueOf(failure.getCause());
            return new AcmeFailure(
                    AcmeFailure.Kind.UNREACHABLE,
                    who + " cannot be reached: " + reason + "; asked again later",
                    failure);
        }
        if (failure instanceof AcmeServerException answer) {
            return answered(who, answer);
        }
        Optional<Refusals.Refusal> refusal = refusals.last();
        if (refusal.isPresent()) {
            return refused(who, refusal.get(), failure);
        }
        String message = who + " does not answer as an ACME server does: " + failure.getMessage();
        return new AcmeFailure(AcmeFailure.Kind.UNREACHABLE, message, failure);
    }

    /** Tells that an authority wants to be left alone for a while, and says so by HTTP alone. */
    private static AcmeFailure refused(String who, Refusals.Refusal refusal, AcmeException failure) {
        String message = who + (refusal.isLimit() ? " has had too many requests" : " is not available") + ": "
                + failure.getMessage() + notBefore(refusal.retryAfter());
        AcmeFailure.Details details =
                new AcmeFailure.Details(Optional.empty(), Optional.empty(), Optional.empty(), refusal.retryAfter());
        return failure(
                refusal.isLimit() ? AcmeFailure.Kind.RATE_LIMITED : AcmeFailure.Kind.UNREACHABLE,
                message,
                details,
                failure);
    }

    private static String notBefore(Optional<Instant> time) {
        return time.map(at -> "; not before " + at).orElse("");
    }

    /** Tells what happened to a request where acme4j says so with an unchecked exception. */
    AcmeFailure ofProtocol(String subject, RuntimeException failure) {
        if (failure instanceof AcmeNotSupportedException) {
            String message = subject + ": " + authority + " cannot do what is asked: " + failure.getMessage();
            return new AcmeFailure(AcmeFailure.Kind.REFUSED, message, failure);
        }
        // What acme4j reads when it is looked at fails so.
        AcmeException cause = failure.getCause() instanceof AcmeException known
                ? known
                : new AcmeException(String.valueOf(failure.getMessage()), failure);
        return of(subject, cause);
    }

    private AcmeFailure answered(String who, AcmeServerException answer) {
        URI type = answer.getType();
        Optional<Refusals.Refusal> refusal = refusals.last();
        Optional<Instant> retryAfter = answer instanceof AcmeRateLimitedException limited
                ? limited.getRetryAfter()
                : refusal.flatMap(Refusals.Refusal::retryAfter);
        boolean isLimit = answer instanceof AcmeRateLimitedException
                || refusal.filter(Refusals.Refusal::isLimit).isPresent();
        AcmeFailure.Kind kind = isLimit
                ? AcmeFailure.Kind.RATE_LIMITED
                : isPassing(answer) || refusal.isPresent() ? AcmeFailure.Kind.UNREACHABLE : AcmeFailure.Kind.REFUSED;
        String terms = answer instanceof AcmeUserActionRequiredException action
                ? action.getTermsOfServiceUri().map(link -> " " + link).orElse("")
                : "";
        String message = who + " refuses: " + text(answer.getProblem()) + terms + advice(type)
                + (type.toString().equals(UNAUTHORIZED) ? accountAdvice() : "") + notBefore(retryAfter);
        return failure(
                kind,
                message,
                new AcmeFailure.Details(Optional.empty(), Optional.empty(), Optional.of(type.toString()), retryAfter),
                answer);
    }

    /** Tells that an order came to nothing at the authority's. */
    AcmeFailure ofOrder(String subject, Optional<Problem> problem) {
        String message = subject + ": " + authority + " has given the order up: " + text(problem)
                + problem.map(Problem::getType).map(Problems::advice).orElse("");
        return new AcmeFailure(
                AcmeFailure.Kind.REFUSED,
                message,
                new AcmeFailure.Details(Optional.empty(), Optional.empty(), type(problem), Optional.empty()));
    }

    /** Tells that a name was not validated. */
    AcmeFailure ofChallenge(DomainName name, ChallengeType challenge, Optional<Problem> problem) {
        String message = name + ": " + authority + " could not validate it by " + challenge.protocolName() + ": "
                + text(problem) + " (expected: " + expectation(name, challenge) + ")";
        return new AcmeFailure(
                AcmeFailure.Kind.CHALLENGE_FAILED,
                message,
                new AcmeFailure.Details(
                        Optional.of(name.text()), Optional.of(challenge), type(problem), Optional.empty()));
    }

    private static String expectation(DomainName name, ChallengeType challenge) {
        return switch (challenge) {
            case HTTP ->
                "http://" + name
                        + "/.well-known/acme-challenge/ at port 80 leads from the internet to a plain listener of this balancer";
            case TLS_ALPN -> name + " at port 443 leads from the internet to a TLS listener of this balancer";
            case DNS -> "the TXT record at _acme-challenge." + name.base() + " is seen by the authority";
        };
    }

    private String accountAdvice() {
        return " (expected: an account that is valid there; where it was deactivated, remove accounts/" + authority
                + " from the storage, and another is made)";
    }

    private static String advice(URI type) {
        String name = type.toString().startsWith(ERROR) ? type.toString().substring(ERROR.length()) : "";
        return ADVICE.containsKey(name) ? " (expected: " + ADVICE.get(name) + ")" : "";
    }

    private static Optional<String> type(Optional<Problem> problem) {
        return problem.map(known -> known.getType().toString());
    }

    private static String text(Optional<Problem> problem) {
        return problem.map(Problems::text).orElse("no reason given");
    }

    private static String text(Problem problem) {
        return problem + " [" + problem.getType() + "]";
    }

    private static AcmeFailure failure(
            AcmeFailure.Kind kind, String message, AcmeFailure.Details details, Throwable cause) {
        AcmeFailure failure = new AcmeFailure(kind, message, details);
        failure.initCause(cause);
        return failure;
    }
}
