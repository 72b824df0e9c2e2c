package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.kit.SecureAddress;
import io.lb4j.plugins.registry.oci.HttpTransfers.Answer;
import io.lb4j.plugins.registry.oci.HttpTransfers.Sink;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Requests to a registry: authorised where it asks for that, redirected where it sends them elsewhere. Thread-safe. */
final class RegistryExchange {
    private static final int MOST_REDIRECTS = 5;
    private static final int UNAUTHORIZED = 401;
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpTransfers transfers;
    private final Authorizer authorizer;

    RegistryExchange(HttpTransfers transfers, Authorizer authorizer) {
        this.transfers = transfers;
        this.authorizer = authorizer;
    }

    /**
     * A request.
     *
     * @param scope whom it is for, and what it wants
     * @param fields of its head, but for the authorisation
     */
    record Call(String method, URI address, Scope scope, Map<String, String> fields, HttpRequest.BodyPublisher body) {
        /** Creates a request without a body. */
        static Call bare(String method, URI address, Scope scope, Map<String, String> fields) {
            return new Call(method, address, scope, fields, HttpRequest.BodyPublishers.noBody());
        }
    }

    /**
     * Sends a request, again with authorisation if the registry asks for it.
     *
     * @return any answer but 401
     */
    Answer send(Call call, Sink sink) throws IOException {
        Answer first = follow(call, authorizer.field(call.scope()), sink);
        if (!asksWho(first, call)) {
            return first;
        }
        authorizer.forget(call.scope());
        String field = authorizer.answer(first.fields().allValues("WWW-Authenticate"), call.scope());
        Answer second = follow(call, Optional.of(field), sink);
        if (asksWho(second, call)) {
            authorizer.forget(call.scope());
            throw Authorizer.refusal(call.scope(), "the credentials are refused");
        }
        return second;
    }

    /**
     * Fetches what anybody may have, and says to nobody who this is.
     *
     * @throws RegistryException if the address is not one of https, or of http on this machine
     */
    Answer fetch(URI start, Sink sink) throws RegistryException {
        if (!SecureAddress.isSafe(start)) {
            throw new RegistryException(
                    Reason.FORBIDDEN_ADDRESS, HttpTransfers.withoutQuery(start) + " (expected: https)");
        }
        return follow(start, address -> HttpRequest.newBuilder(address).build(), sink);
    }

    /** Whether the registry itself asks: nobody that it redirects to is told who this is. */
    private static boolean asksWho(Answer answer, Call call) {
        return answer.status() == UNAUTHORIZED
                && isSameOrigin(answer.address(), call.scope().root());
    }

    private Answer follow(Call call, Optional<String> authorization, Sink sink) throws RegistryException {
        return follow(call.address(), address -> request(call, address, authorization), sink);
    }

    private static HttpRequest request(Call call, URI address, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).method(call.method(), call.body());
        call.fields().forEach(request::header);
        if (isSameOrigin(address, call.scope().root())) {
            authorization.ifPresent(field -> request.header("Authorization", field));
        }
        return request.build();
    }

    private Answer follow(URI start, Function<URI, HttpRequest> requests, Sink sink) throws RegistryException {
        URI address = start;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpRequest request = requests.apply(address);
            Answer answer = transfers.exchange(request, sink);
            if (!READING.contains(request.method()) || !REDIRECTS.contains(answer.status())) {
                return answer;
            }
            address = target(answer);
        }
        throw new RegistryException(
                Reason.UNEXPECTED_ANSWER,
                HttpTransfers.withoutQuery(start) + ": more than " + MOST_REDIRECTS + " redirects");
    }

    /** Returns where an answer leads; its {@code Location} may be relative. */
    static URI target(Answer answer) throws RegistryException {
        String location = answer.fields().firstValue("Location").orElse("");
        String said = HttpTransfers.withoutQuery(answer.address());
        URI target;
        try {
            target = answer.address().resolve(location);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.UNEXPECTED_ANSWER, said + ": Location (expected: an address)", e);
        }
        if (!RegistryAccess.mayFollow(answer.address(), target)) {
            throw new RegistryException(
                    Reason.FORBIDDEN_ADDRESS,
                    said + ": leads to " + HttpTransfers.withoutQuery(target) + " (expected: https)");
        }
        return target;
    }

    private static boolean isSameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && one.getPort() == other.getPort();
    }
}
