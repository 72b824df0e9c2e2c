package io.lb4j.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.exchange.TlsInfo;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.model.ClientCertificateField;
import io.netty.buffer.ByteBufUtil;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells endpoints of the certificate that a connection's client has shown, and sees to it that nobody else does. What depends on the connection
 * alone is worked out once. Confined to the connection's event loop.
 */
final class ClientCertificateFields {
    private static final int URI_NAME = 6;
    private static final int DNS_NAME = 2;
    private static final char FIRST_PRINTABLE = 0x20;
    private static final char LAST_PRINTABLE = 0x7e;

    private final ConnectionInfo connection;
    private @Nullable List<X509Certificate> shown; // once it is asked for
    private ClientCertificateField toldAs = ClientCertificateField.NONE; // what the next two were worked out for
    private String own = "";
    private String chain = "";

    ClientCertificateFields(ConnectionInfo connection) {
        this.connection = connection;
    }

    /** Returns whether there is anything to do for a request. */
    static boolean concern(Fields fields, ClientCertificateField asked) {
        return asked != ClientCertificateField.NONE
                || fields.contains(FieldName.X_FORWARDED_CLIENT_CERT)
                || fields.contains(FieldName.CLIENT_CERT)
                || fields.contains(FieldName.CLIENT_CERT_CHAIN);
    }

    /**
     * Changes a request's fields.
     *
     * @param isTrusted whether the peer's own word is believed; a certificate of its own still goes before it
     */
    void prepare(Fields fields, ClientCertificateField asked, boolean isTrusted) {
        List<X509Certificate> certificates = shown();
        boolean tells = asked != ClientCertificateField.NONE && !certificates.isEmpty();
        if (!isTrusted || tells) {
            removeFrom(fields);
        }
        if (!tells) {
            return;
        }
        workOut(asked, certificates);
        fields.add(
                asked == ClientCertificateField.XFCC ? FieldName.X_FORWARDED_CLIENT_CERT : FieldName.CLIENT_CERT, own);
        if (!chain.isEmpty()) {
            fields.add(FieldName.CLIENT_CERT_CHAIN, chain);
        }
    }

    /** Takes the fields away, of trailers too: there is nobody whose word on them counts. */
    static void removeFrom(Fields fields) {
        fields.remove(FieldName.X_FORWARDED_CLIENT_CERT);
        fields.remove(FieldName.CLIENT_CERT);
        fields.remove(FieldName.CLIENT_CERT_CHAIN);
    }

    private List<X509Certificate> shown() {
        List<X509Certificate> known = shown;
        if (known == null) {
            known = connection.tls().map(TlsInfo::peerCertificates).orElse(List.of());
            shown = known;
        }
        return known;
    }

    private void workOut(ClientCertificateField asked, List<X509Certificate> certificates) {
        if (toldAs == asked) {
            return;
        }
        try {
            if (asked == ClientCertificateField.XFCC) {
                own = elements(certificates.get(0));
                chain = "";
            } else {
                own = byteSequence(certificates.get(0));
                chain = chain(certificates.subList(1, certificates.size()));
            }
            toldAs = asked;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was verified can be encoded", e);
        }
    }

    /** The elements of Envoy's field, as far as they describe the client's own certificate. */
    private static String elements(X509Certificate certificate) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
        StringBuilder text = new StringBuilder("Hash=").append(ByteBufUtil.hexDump(digest));
        text.append(";Subject=")
                .append(quoted(certificate.getSubjectX500Principal().getName()));
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            int type = (Integer) name.get(0);
            if (type == URI_NAME || type == DNS_NAME) {
                text.append(type == URI_NAME ? ";URI=" : ";DNS=")
                        .append(quotedIfNeeded(name.get(1).toString()));
            }
        }
        return text.toString();
    }

    private static String quotedIfNeeded(String text) {
        boolean isPlain =
                text.chars().allMatch(c -> c > FIRST_PRINTABLE && c <= LAST_PRINTABLE && ",;=\"\\".indexOf(c) < 0);
        return isPlain ? text : quoted(text);
    }

    /** In quotation marks; what is not printable ASCII as RFC 2253 §2.4 escapes it: a backslash and two digits for each octet. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(point -> {
            if (point >= FIRST_PRINTABLE && point <= LAST_PRINTABLE) {
                if (point == '"' || point == '\\') {
                    quoted.append('\\');
                }
                quoted.append((char) point);
                return;
            }
            for (byte octet : Character.toString(point).getBytes(UTF_8)) {
                quoted.append('\\').append(ByteBufUtil.hexDump(new byte[] {octet}));
            }
        });
        return quoted.append('"').toString();
    }

    /** RFC 9440 §2.3: the certificates after the client's own. */
    private static String chain(List<X509Certificate> others) throws GeneralSecurityException {
        StringBuilder text = new StringBuilder();
        for (X509Certificate other : others) {
            text.append(text.isEmpty() ? "" : ", ").append(byteSequence(other));
        }
        return text.toString();
    }

    /** RFC 8941 §3.3.5. */
    private static String byteSequence(X509Certificate certificate) throws GeneralSecurityException {
        return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
    }
}
