package io.lb4j.plugins.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Answers registries that ask who it is: with a password (Basic), or with a token of the service that the registry names (Bearer). Thread-safe. */
final class Authorizer {
    private static final int LONGEST_ANSWER = 256 * 1024;
    private static final long SHORTEST_LIFE_SECONDS = 60; // what a service means that says nothing
    private static final long LONGEST_LIFE_SECONDS = 3600;
    private static final long MARGIN_SECONDS = 10; // a token is not used in the last moments of its life
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,65536}");

    private final HttpTransfers transfers;
    private final CredentialSource credentials;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    /** A field {@code Authorization} and when it ends. */
    private record Known(String field, long endNanos) {}

    Authorizer(HttpTransfers transfers, CredentialSource credentials) {
        this.transfers = transfers;
        this.credentials = credentials;
    }

    /** Returns what is known to open a scope. */
    Optional<String> field(Scope scope) {
        Known found = known.get(scope.key());
        return found == null || found.endNanos() - System.nanoTime() < 0
                ? Optional.empty()
                : Optional.of(found.field());
    }

    /**
     * Returns what a registry wants to see in {@code Authorization}.
     *
     * @param fields what it says in {@code WWW-Authenticate}
     * @throws RegistryException if it asks for what there is not
     */
    String answer(List<String> fields, Scope scope) throws IOException {
        List<Challenge> challenges = Challenge.parse(fields);
        Optional<Challenge> bearer = Challenge.find(challenges, "bearer");
        Optional<Credentials> own = credentials.find(scope.image().credentialKey());
        if (bearer.isPresent()) {
            Known token = token(bearer.get(), scope, own);
            known.put(scope.key(), token);
            return token.field();
        }
        if (Challenge.find(challenges, "basic").isPresent()
                && own.isPresent()
                && !own.get().isIdentityToken()) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_LIFE_SECONDS);
            known.put(scope.key(), new Known(own.get().basic(), end));
            return own.get().basic();
        }
        String asked = challenges.stream().map(Challenge::scheme).collect(Collectors.joining(", "));
        throw refusal(
                scope,
                "asks for " + (asked.isEmpty() ? "nothing that is known" : asked) + ", and there are "
                        + (own.isPresent() ? "other" : "no") + " credentials");
    }

    private Known token(Challenge challenge, Scope scope, Optional<Credentials> own) throws RegistryException {
        URI realm = realm(challenge, scope);
        Map<String, String> asked = new LinkedHashMap<>();
        Optional.ofNullable(challenge.parameters().get("service")).ifPresent(name -> asked.put("service", name));
        asked.put("scope", scope.text());
        HttpRequest request = own.filter(Credentials::isIdentityToken).isPresent()
                ? exchange(realm, asked, own.get())
                : plain(realm, asked, own);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpTransfers.Answer answer = transfers.exchange(request, new HttpTransfers.Sink(body, LONGEST_ANSWER));
        if (!answer.isSuccess()) {
            boolean isOwnFault = answer.status() / 100 == 5;
            throw new RegistryException(
                    isOwnFault ? Reason.UNREACHABLE : Reason.UNAUTHORIZED,
                    "token service " + HttpTransfers.withoutQuery(realm) + ": status " + answer.status());
        }
        return read(Json.object(body.toByteArray(), "token service " + HttpTransfers.withoutQuery(realm)));
    }

    private static URI realm(Challenge challenge, Scope scope) throws RegistryException {
        String text = challenge.parameters().getOrDefault("realm", "");
        try {
            URI realm = URI.create(text);
            if (RegistryAccess.mayFollow(scope.root(), realm)) {
                return realm;
            }
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.MALFORMED, scope.root() + ": realm (expected: an address)", e);
        }
        throw new RegistryException(
                Reason.FORBIDDEN_ADDRESS, scope.root() + ": token service at \"" + text + "\" (expected: https)");
    }

    private static HttpRequest plain(URI realm, Map<String, String> asked, Optional<Credentials> own) {
        String separator = realm.getRawQuery() == null ? "?" : "&";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(realm + separator + form(asked)));
        own.ifPresent(credentials -> request.header("Authorization", credentials.basic()));
        return request.build();
    }

    /** An identity token is a refresh token of OAuth 2. */
    private static HttpRequest exchange(URI realm, Map<String, String> asked, Credentials own) {
        Map<String, String> form = new LinkedHashMap<>(asked);
        form.put("grant_type", "refresh_token");
        form.put("client_id", "lb4j");
        form.put("refresh_token", own.secret());
        return HttpRequest.newBuilder(realm)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(form)))
                .build();
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static Known read(JsonNode answer) throws RegistryException {
        String token = Json.text(answer, "token")
                .or(() -> Json.text(answer, "access_token"))
                .filter(text -> TOKEN.matcher(text).matches())
                .orElseThrow(() -> new RegistryException(Reason.MALFORMED, "token service: no token"));
        long seconds = answer.path("expires_in").asLong(SHORTEST_LIFE_SECONDS);
        long life = Math.max(SHORTEST_LIFE_SECONDS, Math.min(LONGEST_LIFE_SECONDS, seconds)) - MARGIN_SECONDS;
        return new Known("Bearer " + token, System.nanoTime() + TimeUnit.SECONDS.toNanos(life));
    }

    /** Forgets what has turned out not to open a scope. */
    void forget(Scope scope) {
        known.remove(scope.key());
    }

    /** Returns a refusal with a word on why. */
    static RegistryException refusal(Scope scope, String why) {
        return new RegistryException(
                Reason.UNAUTHORIZED,
                scope.root().getAuthority() + "/" + scope.image().repository() + ": " + why);
    }
}
