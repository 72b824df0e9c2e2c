package io.lb4j.internal.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a client's first message says, as far as it decides how to go on (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2). Immutable.
 *
 * @param serverName the name that the client asks for (RFC 6066 §3), lower case, without a trailing dot
 * @param applicationProtocols what it offers by ALPN (RFC 7301); empty without that extension
 * @param signatures whose signatures it can verify
 */
record ClientHello(Optional<String> serverName, List<String> applicationProtocols, SignatureSupport signatures) {
    private static final int RANDOM_AND_VERSION = 34;
    private static final int SERVER_NAME = 0;
    private static final int SIGNATURE_ALGORITHMS = 13;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = 0x0304;
    private static final int LAST_TLS_1_3_SUITE = 0x13ff;
    private static final int FIRST_TLS_1_3_SUITE = 0x1300;
    private static final int HOST_NAME = 0;
    private static final int MAX_NAME = 255;

    ClientHello {
        applicationProtocols = List.copyOf(applicationProtocols);
    }

    /**
     * Reads the message.
     *
     * @param body without the handshake header
     * @return empty if it does not follow the grammar
     */
    static Optional<ClientHello> parse(ByteBuffer body) {
        try {
            skip(body, RANDOM_AND_VERSION);
            skip(body, u8(body)); // session id
            ByteBuffer suites = vector(body, u16(body));
            skip(body, u8(body)); // compression methods
            if (!body.hasRemaining()) {
                return Optional.of(parseExtensions(body, suites));
            }
            ByteBuffer extensions = vector(body, u16(body));
            return body.hasRemaining() ? Optional.empty() : Optional.of(parseExtensions(extensions, suites));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            // A length that points beyond the end, or a name that is none: the empty result says so.
            return Optional.empty();
        }
    }

    private static ClientHello parseExtensions(ByteBuffer extensions, ByteBuffer suites) {
        Set<Integer> seen = new HashSet<>();
        Optional<String> name = Optional.empty();
        List<String> protocols = List.of();
        Set<Integer> schemes = Set.of();
        boolean speaksTls13 = false;
        while (extensions.hasRemaining()) {
            int type = u16(extensions);
            ByteBuffer content = vector(extensions, u16(extensions));
            if (!seen.add(type)) {
                throw new IllegalArgumentException("extension " + type + " twice"); // RFC 8446 §4.2
            }
            if (type == SERVER_NAME) {
                name = Optional.of(parseServerName(content));
            }
            if (type == ALPN) {
                protocols = parseProtocols(content);
            }
            if (type == SIGNATURE_ALGORITHMS) {
                schemes = numbers(wholeVector(content, u16(content)));
            }
            if (type == SUPPORTED_VERSIONS) {
                speaksTls13 = numbers(wholeVector(content, u8(content))).contains(TLS_1_3);
            }
        }
        return new ClientHello(name, protocols, signatures(schemes, speaksTls13, numbers(suites)));
    }

    private static SignatureSupport signatures(Set<Integer> schemes, boolean speaksTls13, Set<Integer> suites) {
        boolean ecdsa = false;
        boolean rsa = false;
        for (int suite : suites) {
            boolean leavesItOpen = suite >= FIRST_TLS_1_3_SUITE && suite <= LAST_TLS_1_3_SUITE;
            ecdsa |= SignatureSupport.isEcdsaSuite(suite);
            rsa |= !leavesItOpen && !SignatureSupport.isEcdsaSuite(suite);
        }
        return new SignatureSupport(schemes, speaksTls13, ecdsa, rsa);
    }

    private static Set<Integer> numbers(ByteBuffer list) {
        Set<Integer> numbers = new HashSet<>();
        while (list.hasRemaining()) {
            numbers.add(u16(list));
        }
        return numbers;
    }

    private static String parseServerName(ByteBuffer content) {
        ByteBuffer names = wholeVector(content, u16(content));
        if (u8(names) != HOST_NAME) {
            throw new IllegalArgumentException("a type of name that does not exist");
        }
        ByteBuffer name = wholeVector(names, u16(names)); // RFC 6066 §3: one name of a type
        return normalized(US_ASCII.decode(name).toString());
    }

    private static List<String> parseProtocols(ByteBuffer content) {
        ByteBuffer list = wholeVector(content, u16(content));
        List<String> protocols = new ArrayList<>();
        while (list.hasRemaining()) {
            ByteBuffer name = vector(list, u8(list));
            protocols.add(US_ASCII.decode(name).toString());
        }
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("an empty list of protocols"); // RFC 7301 §3.1
        }
        return protocols;
    }

    private static String normalized(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        boolean isPlausible = !bare.isEmpty()
                && bare.length() <= MAX_NAME
                && bare.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != '*');
        if (!isPlausible) {
            throw new IllegalArgumentException("a name that is no host name");
        }
        return bare.toLowerCase(Locale.ROOT);
    }

    private static int u8(ByteBuffer in) {
        return in.get() & 0xff;
    }

    private static int u16(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }

    private static void skip(ByteBuffer in, int length) {
        vector(in, length);
    }

    private static ByteBuffer vector(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    private static ByteBuffer wholeVector(ByteBuffer in, int length) {
        ByteBuffer part = vector(in, length);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("octets behind a list");
        }
        return part;
    }
}
