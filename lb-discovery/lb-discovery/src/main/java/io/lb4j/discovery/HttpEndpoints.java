package io.lb4j.discovery;

import io.lb4j.config.Draft;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.Part;
import io.lb4j.config.Settings;
import io.lb4j.model.KeyPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Endpoints that a document of JSON names, which is asked for over HTTP again and again, or by questions that wait for a change.
 *
 * <pre>{@code
 * builder.cluster("api", cluster -> cluster.discovery(HttpEndpoints.at("https://inventory.internal/api")
 *         .bearer(token)
 *         .entries("/data/nodes")
 *         .field("host", "/address")
 *         .provider()));
 * }</pre>
 *
 * <p>By default the document is a list of entries as {@link EndpointJson} has them, or an object with such a list under {@code endpoints}.
 * Immutable: each setter returns a changed copy.
 */
public final class HttpEndpoints extends RegistrySettings<HttpEndpoints> {
    private HttpEndpoints(Settings settings) {
        super(settings);
    }

    /** Names the document. Defaults: asked for every 10 seconds, 5 seconds for an answer of 4 MiB at most, no credentials. */
    public static HttpEndpoints at(String url) {
        Draft draft = new Draft(HttpOptions.SECTION);
        draft.setText(HttpOptions.URL, url, Origin.setter("at", RegistrySettings.class::isAssignableFrom));
        return new HttpEndpoints(complete(draft));
    }

    @Override
    protected HttpEndpoints with(Settings changed) {
        return new HttpEndpoints(changed);
    }

    /** Sets how the document is built. Default: as {@link EndpointJson} has it. */
    public HttpEndpoints shape(DocumentShape shape) {
        return set(HttpOptions.SHAPE, shape, "shape");
    }

    /**
     * Sets where the list of entries is.
     *
     * @param pointer a JSON Pointer (RFC 6901). Default: the document itself, or {@code /endpoints}
     */
    public HttpEndpoints entries(String pointer) {
        Draft draft = Draft.of(settings());
        draft.setText(HttpOptions.ENTRIES, pointer, Origin.setter("entries", RegistrySettings.class::isAssignableFrom));
        return new HttpEndpoints(complete(draft));
    }

    /**
     * Says where an entry has something. Default: where {@link EndpointJson} has it.
     *
     * @param name {@code host}, {@code port}, {@code weight}, {@code zone}, {@code version}, {@code tags}, {@code healthy}, {@code name}; whatever
     *     else is metadata
     * @param pointer a JSON Pointer (RFC 6901) within the entry
     */
    public HttpEndpoints field(String name, String pointer) {
        Map<String, String> more = new HashMap<>(settings().value(HttpOptions.FIELDS));
        more.put(name, pointer);
        return set(HttpOptions.FIELDS, more, "field");
    }

    /** Sets the time between two questions, varied by a tenth. Default: 10 seconds. */
    public HttpEndpoints interval(Duration time) {
        return set(HttpOptions.INTERVAL, time, "interval");
    }

    /** Sets how long an answer may take, down to its last octet. Default: 5 seconds. */
    public HttpEndpoints timeout(Duration time) {
        return set(HttpOptions.TIMEOUT, time, "timeout");
    }

    /**
     * Has questions wait for a change: by {@code Prefer: wait} (RFC 7240) and the entity tag of the last answer, or as Consul has it where the
     * shape is Consul's. A server that does not wait is asked at the interval. Default: they do not wait.
     */
    public HttpEndpoints longPoll(Duration wait) {
        return set(HttpOptions.LONG_POLL, wait, "longPoll");
    }

    /** Sends a field with each question. Default: none. */
    public HttpEndpoints header(String name, String value) {
        Map<String, String> more =
                new HashMap<>(settings().find(HttpOptions.HEADERS).orElse(Map.of()));
        more.put(name, value);
        return set(HttpOptions.HEADERS, more, "header");
    }

    /** Shows a bearer token (RFC 6750). Default: none. */
    public HttpEndpoints bearer(String token) {
        return set(HttpOptions.BEARER, token, "bearer");
    }

    /** Logs in by name and password (RFC 7617). Default: nobody does. */
    public HttpEndpoints basic(String user, String password) {
        Draft draft = Draft.of(settings());
        Origin origin = Origin.setter("basic", RegistrySettings.class::isAssignableFrom);
        draft.set(HttpOptions.USER, user, origin);
        draft.set(HttpOptions.PASSWORD, password, origin);
        return new HttpEndpoints(complete(draft));
    }

    /** Sets how many octets an answer may have. Default: 4 MiB. */
    public HttpEndpoints maxSize(long octets) {
        return set(HttpOptions.MAX_SIZE, octets, "maxSize");
    }

    /** Trusts those who sign the server's certificate. Default: whom the Java runtime trusts. */
    public HttpEndpoints trust(Path authorities) {
        return setTls(RegistryTls.TRUST, authorities, "trust");
    }

    /** Shows a certificate. Default: none. */
    public HttpEndpoints clientCertificate(Path chain, Path key) {
        Draft pair = new Draft(KeyPair.SECTION);
        Origin origin = Origin.setter("clientCertificate", RegistrySettings.class::isAssignableFrom);
        pair.set(KeyPair.CHAIN, chain, origin);
        pair.set(KeyPair.KEY, key, origin);
        return setTls(RegistryTls.CLIENT_CERTIFICATE, complete(pair), "clientCertificate");
    }

    private <T> HttpEndpoints setTls(Option<T> option, T value, String setter) {
        Draft draft = Draft.of(settings());
        Origin origin = Origin.setter(setter, RegistrySettings.class::isAssignableFrom);
        draft.section(HttpOptions.TLS, origin).set(option, value, origin);
        return new HttpEndpoints(complete(draft));
    }

    /** Returns the provider: for {@code cluster.discovery(…)}. */
    public Part provider() {
        return Part.of(new HttpDiscoveryFactory(), settings());
    }
}
