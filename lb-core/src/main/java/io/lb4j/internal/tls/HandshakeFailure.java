package io.lb4j.internal.tls;

import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a TLS handshake with a client failed, as statistics count it. */
public enum HandshakeFailure {
    /** What the client sent is no TLS at all: plain HTTP, for example. */
    NOT_TLS,
    /** The ClientHello does not follow the grammar. */
    MALFORMED_HELLO,
    /** The ClientHello is larger than allowed. */
    HELLO_TOO_LARGE,
    /** The handshake was not over in time. */
    TIMEOUT,
    /** There is no certificate for the name that the client asked for, and no default is given for unknown names. */
    UNKNOWN_NAME,
    /** There is no certificate at all. */
    NO_CERTIFICATE,
    /** None of the protocols that the client offers by ALPN is served. */
    NO_APPLICATION_PROTOCOL,
    /** The client speaks no version of TLS that is served. */
    NO_COMMON_VERSION,
    /** Client and server have no cipher suite, group or signature scheme in common. */
    NO_COMMON_CIPHER,
    /** The client showed no certificate although it must. */
    CLIENT_CERTIFICATE_MISSING,
    /** The client's certificate is not trusted, or not valid. */
    CLIENT_CERTIFICATE_REFUSED,
    /** The client gave up with an alert: it does not trust our certificate, for example. */
    REFUSED_BY_CLIENT,
    /** The client went away. */
    CLIENT_GONE,
    /** Something else. */
    OTHER;

    // Both engines tell the reason only in the text of their message.
    private static final Map<String, HandshakeFailure> BY_TEXT = texts();

    /** Returns what an engine's failure amounts to. */
    static HandshakeFailure of(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return CLIENT_CERTIFICATE_REFUSED;
            }
            // A ClosedChannelException is an IOException, and so is what the engines throw.
            if (cause instanceof IOException && !(cause instanceof SSLException)) {
                return CLIENT_GONE;
            }
            String message = String.valueOf(cause.getMessage());
            for (Map.Entry<String, HandshakeFailure> text : BY_TEXT.entrySet()) {
                if (message.contains(text.getKey())) {
                    return text.getValue();
                }
            }
        }
        return OTHER;
    }

    private static Map<String, HandshakeFailure> texts() {
        Map<String, HandshakeFailure> texts = new LinkedHashMap<>();
        // BoringSSL
        texts.put("PEER_DID_NOT_RETURN_A_CERTIFICATE", CLIENT_CERTIFICATE_MISSING);
        texts.put("CERTIFICATE_VERIFY_FAILED", CLIENT_CERTIFICATE_REFUSED);
        texts.put("UNSUPPORTED_PROTOCOL", NO_COMMON_VERSION);
        texts.put("NO_SHARED_CIPHER", NO_COMMON_CIPHER);
        texts.put("NO_SHARED_GROUP", NO_COMMON_CIPHER);
        texts.put("NO_COMMON_SIGNATURE_ALGORITHMS", NO_COMMON_CIPHER);
        texts.put("_ALERT_", REFUSED_BY_CLIENT);
        // The JDK
        texts.put("Empty client certificate chain", CLIENT_CERTIFICATE_MISSING);
        texts.put("Empty server certificate chain", NO_CERTIFICATE);
        texts.put("is not enabled or supported in server context", NO_COMMON_VERSION);
        texts.put("The client supported protocol versions", NO_COMMON_VERSION);
        texts.put("no cipher suites in common", NO_COMMON_CIPHER);
        texts.put("PKIX path", CLIENT_CERTIFICATE_REFUSED);
        texts.put("Received fatal alert", REFUSED_BY_CLIENT);
        return texts;
    }

    /** Returns the reason in lower case, with underscores. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
