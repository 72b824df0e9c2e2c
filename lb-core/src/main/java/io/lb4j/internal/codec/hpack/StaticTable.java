package io.lb4j.internal.codec.hpack;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The static table (RFC 7541 Appendix A): its octets in one array, and where each entry lies. */
final class StaticTable {
    /** How many entries there are; they are numbered from 1. */
    static final int SIZE = 61;

    /** The first entries of each pseudo-header field, and those that stand for a whole field. */
    static final int AUTHORITY = 1;

    static final int METHOD_GET = 2;
    static final int METHOD_POST = 3;
    static final int PATH_ROOT = 4;
    static final int SCHEME_HTTP = 6;
    static final int SCHEME_HTTPS = 7;
    static final int STATUS_200 = 8;

    private static final List<String> ENTRIES = List.of(
            ":authority=",
            ":method=GET",
            ":method=POST",
            ":path=/",
            ":path=/index.html",
            ":scheme=http",
            ":scheme=https",
            ":status=200",
            ":status=204",
            ":status=206",
            ":status=304",
            ":status=400",
            ":status=404",
            ":status=500",
            "accept-charset=",
            "accept-encoding=gzip, deflate",
            "accept-language=",
            "accept-ranges=",
            "accept=",
            "access-control-allow-origin=",
            "age=",
            "allow=",
            "authorization=",
            "cache-control=",
            "content-disposition=",
            "content-encoding=",
            "content-language=",
            "content-length=",
            "content-location=",
            "content-range=",
            "content-type=",
            "cookie=",
            "date=",
            "etag=",
            "expect=",
            "expires=",
            "from=",
            "host=",
            "if-match=",
            "if-modified-since=",
            "if-none-match=",
            "if-range=",
            "if-unmodified-since=",
            "last-modified=",
            "link=",
            "location=",
            "max-forwards=",
            "proxy-authenticate=",
            "proxy-authorization=",
            "range=",
            "referer=",
            "refresh=",
            "retry-after=",
            "server=",
            "set-cookie=",
            "strict-transport-security=",
            "transfer-encoding=",
            "user-agent=",
            "vary=",
            "via=",
            "www-authenticate=");

    private static final byte[] OCTETS;
    private static final int[] NAME_START = new int[SIZE + 1];
    private static final int[] NAME_LENGTH = new int[SIZE + 1];
    private static final int[] VALUE_LENGTH = new int[SIZE + 1];

    static {
        StringBuilder octets = new StringBuilder();
        for (int i = 1; i <= SIZE; i++) {
            String entry = ENTRIES.get(i - 1);
            int separator = entry.indexOf('=', 1);
            NAME_START[i] = octets.length();
            NAME_LENGTH[i] = separator;
            VALUE_LENGTH[i] = entry.length() - separator - 1;
            octets.append(entry, 0, separator).append(entry, separator + 1, entry.length());
        }
        OCTETS = octets.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private StaticTable() {}

    static byte[] octets() {
        return OCTETS;
    }

    /** Returns the name of an entry as text. */
    static String name(int index) {
        return new String(OCTETS, NAME_START[index], NAME_LENGTH[index], StandardCharsets.US_ASCII);
    }

    static int nameStart(int index) {
        return NAME_START[index];
    }

    static int nameLength(int index) {
        return NAME_LENGTH[index];
    }

    static int valueStart(int index) {
        return NAME_START[index] + NAME_LENGTH[index];
    }

    static int valueLength(int index) {
        return VALUE_LENGTH[index];
    }
}
