package io.lb4j.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The name of a header or trailer field, in lower case (RFC 9110 §5.1; HTTP/2 and HTTP/3 require it so). Immutable. The names
 * that a proxy itself acts upon are constants with a number, so that {@link Fields} finds them without comparing text.
 */
public final class FieldName {
    /** As many well-known names as a {@code long} has bits, less the bit 0 that stands for every other name. */
    static final int MAX_WELL_KNOWN = 63;

    private static final int TABLE_MASK = 255;
    private static final @Nullable FieldName[] TABLE = new FieldName[TABLE_MASK + 1];
    private static int wellKnownCount; // written only while this class is initialised

    /** {@code connection} (RFC 9110 §7.6.1). */
    public static final FieldName CONNECTION = wellKnown("connection");
    /** {@code content-length} (RFC 9110 §8.6). */
    public static final FieldName CONTENT_LENGTH = wellKnown("content-length");
    /** {@code transfer-encoding} (RFC 9112 §6.1). */
    public static final FieldName TRANSFER_ENCODING = wellKnown("transfer-encoding");
    /** {@code host} (RFC 9110 §7.2). */
    public static final FieldName HOST = wellKnown("host");
    /** {@code expect} (RFC 9110 §10.1.1). */
    public static final FieldName EXPECT = wellKnown("expect");
    /** {@code upgrade} (RFC 9110 §7.8). */
    public static final FieldName UPGRADE = wellKnown("upgrade");
    /** {@code te} (RFC 9110 §10.1.4). */
    public static final FieldName TE = wellKnown("te");
    /** {@code trailer} (RFC 9110 §6.6.2). */
    public static final FieldName TRAILER = wellKnown("trailer");
    /** {@code keep-alive}: hop-by-hop by custom. */
    public static final FieldName KEEP_ALIVE = wellKnown("keep-alive");
    /** {@code proxy-connection}: hop-by-hop by custom. */
    public static final FieldName PROXY_CONNECTION = wellKnown("proxy-connection");
    /** {@code proxy-authenticate} (RFC 9110 §11.7.1). */
    public static final FieldName PROXY_AUTHENTICATE = wellKnown("proxy-authenticate");
    /** {@code proxy-authorization} (RFC 9110 §11.7.2). */
    public static final FieldName PROXY_AUTHORIZATION = wellKnown("proxy-authorization");
    /** {@code http2-settings} (RFC 7540 §3.2.1). */
    public static final FieldName HTTP2_SETTINGS = wellKnown("http2-settings");
    /** {@code forwarded} (RFC 7239). */
    public static final FieldName FORWARDED = wellKnown("forwarded");
    /** {@code x-forwarded-for}. */
    public static final FieldName X_FORWARDED_FOR = wellKnown("x-forwarded-for");
    /** {@code x-forwarded-proto}. */
    public static final FieldName X_FORWARDED_PROTO = wellKnown("x-forwarded-proto");
    /** {@code x-forwarded-host}. */
    public static final FieldName X_FORWARDED_HOST = wellKnown("x-forwarded-host");
    /** {@code x-forwarded-port}. */
    public static final FieldName X_FORWARDED_PORT = wellKnown("x-forwarded-port");
    /** {@code x-forwarded-client-cert}: a client's certificate, as Envoy tells it. */
    public static final FieldName X_FORWARDED_CLIENT_CERT = wellKnown("x-forwarded-client-cert");
    /** {@code client-cert} (RFC 9440 §2.2). */
    public static final FieldName CLIENT_CERT = wellKnown("client-cert");
    /** {@code client-cert-chain} (RFC 9440 §2.3). */
    public static final FieldName CLIENT_CERT_CHAIN = wellKnown("client-cert-chain");
    /** {@code via} (RFC 9110 §7.6.3). */
    public static final FieldName VIA = wellKnown("via");
    /** {@code date} (RFC 9110 §6.6.1). */
    public static final FieldName DATE = wellKnown("date");
    /** {@code server} (RFC 9110 §10.2.4). */
    public static final FieldName SERVER = wellKnown("server");
    /** {@code content-type} (RFC 9110 §8.3). */
    public static final FieldName CONTENT_TYPE = wellKnown("content-type");
    /** {@code content-encoding} (RFC 9110 §8.4). */
    public static final FieldName CONTENT_ENCODING = wellKnown("content-encoding");
    /** {@code accept-encoding} (RFC 9110 §12.5.3). */
    public static final FieldName ACCEPT_ENCODING = wellKnown("accept-encoding");
    /** {@code accept} (RFC 9110 §12.5.1). */
    public static final FieldName ACCEPT = wellKnown("accept");
    /** {@code location} (RFC 9110 §10.2.2). */
    public static final FieldName LOCATION = wellKnown("location");
    /** {@code retry-after} (RFC 9110 §10.2.3). */
    public static final FieldName RETRY_AFTER = wellKnown("retry-after");
    /** {@code cookie} (RFC 6265). */
    public static final FieldName COOKIE = wellKnown("cookie");
    /** {@code set-cookie} (RFC 6265). */
    public static final FieldName SET_COOKIE = wellKnown("set-cookie");
    /** {@code authorization} (RFC 9110 §11.6.2). */
    public static final FieldName AUTHORIZATION = wellKnown("authorization");
    /** {@code user-agent} (RFC 9110 §10.1.5). */
    public static final FieldName USER_AGENT = wellKnown("user-agent");
    /** {@code sec-websocket-key} (RFC 6455 §11.3.1). */
    public static final FieldName SEC_WEBSOCKET_KEY = wellKnown("sec-websocket-key");
    /** {@code sec-websocket-accept} (RFC 6455 §11.3.3). */
    public static final FieldName SEC_WEBSOCKET_ACCEPT = wellKnown("sec-websocket-accept");
    /** {@code alt-svc} (RFC 7838). */
    public static final FieldName ALT_SVC = wellKnown("alt-svc");
    /** {@code early-data} (RFC 8470). */
    public static final FieldName EARLY_DATA = wellKnown("early-data");
    /** {@code priority} (RFC 9218). */
    public static final FieldName PRIORITY = wellKnown("priority");
    /** {@code vary} (RFC 9110 §12.5.5). */
    public static final FieldName VARY = wellKnown("vary");
    /** {@code etag} (RFC 9110 §8.8.3). */
    public static final FieldName ETAG = wellKnown("etag");
    /** {@code cache-control} (RFC 9111 §5.2). */
    public static final FieldName CACHE_CONTROL = wellKnown("cache-control");
    /** {@code origin} (RFC 6454). */
    public static final FieldName ORIGIN = wellKnown("origin");
    /** {@code x-request-id}. */
    public static final FieldName X_REQUEST_ID = wellKnown("x-request-id");
    /** {@code traceparent} (W3C Trace Context). */
    public static final FieldName TRACEPARENT = wellKnown("traceparent");
    /** {@code max-forwards} (RFC 9110 §7.6.2). */
    public static final FieldName MAX_FORWARDS = wellKnown("max-forwards");

    private final String text;
    private final byte[] octets;
    private final int id;

    private FieldName(String text, int id) {
        this.text = text;
        this.octets = text.getBytes(StandardCharsets.US_ASCII);
        this.id = id;
    }

    /**
     * Returns the name, lower-cased; a constant of this class where there is one.
     *
     * @throws IllegalArgumentException if the name is not a token (RFC 9110 §5.6.2)
     */
    public static FieldName of(String name) {
        if (!Tokens.isToken(name)) {
            throw new IllegalArgumentException("field name: " + Tokens.quote(name) + " (expected: a token)");
        }
        FieldName created = new FieldName(name.toLowerCase(Locale.ROOT), 0);
        FieldName known = lookUp(created.octets, 0, created.octets.length);
        return known == null ? created : known;
    }

    /** Returns the length in octets. */
    public int length() {
        return octets.length;
    }

    /** Appends the name to a buffer. */
    public void writeTo(ByteBuf out) {
        out.writeBytes(octets);
    }

    /** Returns the well-known number, from 1 to {@link #MAX_WELL_KNOWN}, or 0. */
    int id() {
        return id;
    }

    byte[] octets() {
        return octets;
    }

    boolean matches(byte[] source, int start, int length) {
        if (length != octets.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (source[start + i] != octets[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the constant for a lower-case name, or null where there is none. */
    static @Nullable FieldName lookUp(byte[] source, int start, int length) {
        for (int slot = hash(source, start, length); ; slot = (slot + 1) & TABLE_MASK) {
            FieldName candidate = TABLE[slot];
            if (candidate == null || candidate.matches(source, start, length)) {
                return candidate;
            }
        }
    }

    private static int hash(byte[] source, int start, int length) {
        if (length == 0) {
            return 0;
        }
        int middle = source[start + (length >> 1)];
        return (length * 37 + source[start] * 7 + middle * 31 + source[start + length - 1] * 13) & TABLE_MASK;
    }

    private static FieldName wellKnown(String text) {
        FieldName name = new FieldName(text, ++wellKnownCount);
        if (name.id > MAX_WELL_KNOWN) {
            throw new IllegalStateException("well-known names: " + name.id + " (expected: <= " + MAX_WELL_KNOWN + ")");
        }
        int slot = hash(name.octets, 0, name.octets.length);
        while (TABLE[slot] != null) {
            slot = (slot + 1) & TABLE_MASK;
        }
        TABLE[slot] = name;
        return name;
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof FieldName name && name.text.equals(text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the name in lower case. */
    @Override
    public String toString() {
        return text;
    }
}
