package io.lb4j.spi;

import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A private key with its certificate chain. Immutable; two are equal if their chains are. {@link #toString()} tells names and dates, never
 * the key.
 */
public final class Certificate {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final Set<String> names;
    private final boolean selfSigned;
    private final Optional<byte[]> ocspResponse;

    /**
     * Creates a certificate without an OCSP response.
     *
     * @param chain the end-entity certificate first
     * @throws IllegalArgumentException if the chain is empty, or its names cannot be read
     */
    public Certificate(PrivateKey key, List<X509Certificate> chain) {
        this(key, chain, Optional.empty());
    }

    private Certificate(PrivateKey key, List<X509Certificate> chain, Optional<byte[]> ocspResponse) {
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("certificate chain: empty (expected: the end-entity certificate first)");
        }
        this.key = key;
        this.chain = List.copyOf(chain);
        this.names = namesOf(chain.get(0));
        this.selfSigned =
                chain.get(0).getIssuerX500Principal().equals(chain.get(0).getSubjectX500Principal());
        this.ocspResponse = ocspResponse;
    }

    /** Returns the same certificate with an OCSP response to staple (RFC 6066 §8). */
    public Certificate withOcspResponse(byte[] response) {
        return new Certificate(key, chain, Optional.of(response.clone()));
    }

    /** Returns the private key. */
    public PrivateKey key() {
        return key;
    }

    /** Returns the chain, the end-entity certificate first. */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** Returns the subject's alternative names, in lower case: host names, wildcards and IP addresses. */
    public Set<String> names() {
        return names;
    }

    /** Returns whether the certificate was issued by itself. */
    public boolean isSelfSigned() {
        return selfSigned;
    }

    /** Returns the OCSP response to staple, in DER. */
    public Optional<byte[]> ocspResponse() {
        return ocspResponse.map(byte[]::clone);
    }

    /** Returns the end of its validity. */
    public Instant notAfter() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** Returns the beginning of its validity. */
    public Instant notBefore() {
        return chain.get(0).getNotBefore().toInstant();
    }

    /** Returns the SHA-256 of the end-entity certificate, in hexadecimal. */
    public String fingerprint() {
        try {
            return ByteBufUtil.hexDump(
                    MessageDigest.getInstance("SHA-256").digest(chain.get(0).getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException impossible) {
            throw new IllegalStateException("SHA-256 of a parsed certificate cannot fail", impossible);
        }
    }

    private static Set<String> namesOf(X509Certificate certificate) {
        Set<String> names = new TreeSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? new ArrayList<List<?>>() : alternatives) {
                int type = (Integer) alternative.get(0);
                if (type == DNS_NAME || type == IP_ADDRESS) {
                    names.add(alternative.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            throw new IllegalArgumentException("certificate: its alternative names cannot be read", e);
        }
        return Set.copyOf(names);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Certificate certificate
                && certificate.chain.equals(chain)
                && Arrays.equals(certificate.ocspResponse.orElse(new byte[0]), ocspResponse.orElse(new byte[0]));
    }

    @Override
    public int hashCode() {
        return chain.hashCode();
    }

    @Override
    public String toString() {
        return String.join(",", new TreeSet<>(names)) + " until " + notAfter();
    }
}
