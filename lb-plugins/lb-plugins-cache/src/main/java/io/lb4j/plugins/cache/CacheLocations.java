package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** URIs that a response names beside the one that was asked for. */
final class CacheLocations {
    private static final List<FieldName> NAMING = List.of(FieldName.LOCATION, Names.CONTENT_LOCATION);

    private CacheLocations() {}

    /** Returns a URI as the cache knows it. */
    static String uri(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        return CacheKeys.uri(uri.getScheme().toLowerCase(Locale.ROOT), uri.getRawAuthority(), target);
    }

    /** Returns what Location and Content-Location name, of the same origin only: others are not this response's to speak of (RFC 9111 §4.4). */
    static List<String> of(Fields response, String asked) {
        return NAMING.stream()
                .flatMap(name -> response.value(name).stream())
                .flatMap(value -> resolve(asked, value).stream())
                .toList();
    }

    private static Optional<String> resolve(String asked, String reference) {
        try {
            URI base = new URI(asked);
            URI named = base.resolve(new URI(reference));
            boolean isHere = named.getRawAuthority() != null
                    && named.getRawAuthority().equalsIgnoreCase(base.getRawAuthority())
                    && base.getScheme().equalsIgnoreCase(named.getScheme());
            return isHere ? Optional.of(uri(named)) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty(); // what is no URI names nothing
        }
    }
}
