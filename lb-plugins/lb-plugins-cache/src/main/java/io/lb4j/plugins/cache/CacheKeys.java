package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.FilterExchange;
import java.util.List;
import java.util.Locale;

/**
 * What responses are kept by: the URI, the route, and those request fields that endpoints may take for a part of the URI. What is not in the key,
 * and not in Vary, is what a client can put before others: so those fields are, whose purpose is to change what a URI means. Immutable.
 */
final class CacheKeys {
    private final List<FieldName> fields;
    private final boolean[] initials = new boolean[256]; // with which letters the names begin

    CacheKeys(List<String> fieldNames) {
        fields = fieldNames.stream().map(FieldName::of).toList();
        for (FieldName field : fields) {
            initials[field.toString().charAt(0)] = true;
        }
    }

    /** Returns the URI of a request. */
    static String uri(RequestHead head) {
        return uri(head.scheme(), head.authority(), head.target());
    }

    /** Returns the URI that these parts make; the host is in lower case (RFC 9110 §4.2.3). */
    static String uri(String scheme, String authority, String target) {
        return scheme + "://" + lowerCase(authority) + target;
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Returns the key of a request. */
    String of(FilterExchange exchange, Fields request, String uri) {
        String route = exchange.route().orElse("");
        StringBuilder key = new StringBuilder(route.length() + uri.length() + 1);
        key.append(route).append(' ').append(uri);
        for (int i = 0; i < request.size(); i++) {
            if (initials[request.nameOctetAt(i, 0)]) {
                addIfKeyed(key, request, i);
            }
        }
        if (request.contains(FieldName.FORWARDED)) {
            request.values(FieldName.FORWARDED).forEach(line -> addForwarded(key, line));
        }
        return key.toString();
    }

    private void addIfKeyed(StringBuilder key, Fields request, int index) {
        for (FieldName field : fields) {
            if (request.isAt(index, field)) {
                key.append('\n').append(field).append(':').append(request.valueAt(index));
            }
        }
    }

    /** Adds what RFC 7239 says of the URI, and not what it says of the client. */
    private static void addForwarded(StringBuilder key, String line) {
        for (String part : line.split("[,;]", -1)) {
            String pair = lowerCase(part.strip());
            if (pair.startsWith("host=") || pair.startsWith("proto=")) {
                key.append('\n').append(pair);
            }
        }
    }
}
