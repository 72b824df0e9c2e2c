package io.lb4j.internal.x509;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A certificate that vouches for itself (RFC 5280), with a fresh key on P-256: for development and tests. Immutable.
 *
 * <p>It is valid from a day ago, so that clocks may differ, for 397 days in all: browsers refuse more than 398 days (CA/Browser Forum
 * Baseline Requirements §6.3.2).
 */
public final class SelfSigned {
    private static final Duration BACKDATED = Duration.ofDays(1);
    private static final Duration LIFETIME = Duration.ofDays(396);
    private static final int SERIAL_BITS = 127; // positive, and within the 20 octets of RFC 5280 §4.1.2.2

    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final byte[] DIGITAL_SIGNATURE = {(byte) 0x80};
    private static final int DIGITAL_SIGNATURE_UNUSED_BITS = 7;
    private static final int VERSION_3 = 2;
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final String WILDCARD = "*.";
    private static final int MAX_HOST_NAME = 253;
    private static final int MAX_COMMON_NAME = 64; // RFC 5280 appendix A, ub-common-name

    private final PrivateKey key;
    private final X509Certificate certificate;

    private SelfSigned(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /**
     * Makes a certificate.
     *
     * @param names host names, {@code *.} wildcards and IP addresses, at least one; the first is the subject's name as well
     * @param now when its validity begins, but for the day
     * @throws IllegalArgumentException if there is no name, or one is none
     */
    public static SelfSigned of(List<String> names, Instant now) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("self-signed certificate: no names (expected: at least one)");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] signed = signedPart(pair, names, now);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(signed);
            byte[] whole = Der.sequence(signed, signatureAlgorithm(), Der.bitString(0, signature.sign()));
            return new SelfSigned(pair.getPrivate(), (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has EC keys on P-256", e);
        }
    }

    /** Returns the private key. */
    public PrivateKey key() {
        return key;
    }

    /** Returns the certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    private static byte[] signedPart(KeyPair pair, List<String> names, Instant now) throws GeneralSecurityException {
        byte[] subject = nameOf(names.get(0));
        return Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(0)),
                signatureAlgorithm(),
                subject,
                Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(now.plus(LIFETIME))),
                subject,
                pair.getPublic().getEncoded(),
                Der.explicit(3, extensions(pair, names)));
    }

    private static byte[] extensions(KeyPair pair, List<String> names) throws GeneralSecurityException {
        byte[] keyIdentifier =
                MessageDigest.getInstance("SHA-1").digest(pair.getPublic().getEncoded());
        return Der.sequence(
                extension(SUBJECT_KEY_IDENTIFIER, Optional.empty(), Der.octetString(keyIdentifier)),
                extension(BASIC_CONSTRAINTS, Optional.of(Der.isTrue()), Der.sequence()),
                extension(
                        KEY_USAGE,
                        Optional.of(Der.isTrue()),
                        Der.bitString(DIGITAL_SIGNATURE_UNUSED_BITS, DIGITAL_SIGNATURE)),
                extension(EXTENDED_KEY_USAGE, Optional.empty(), Der.sequence(Der.identifier(SERVER_AUTH))),
                extension(SUBJECT_ALTERNATIVE_NAME, Optional.empty(), alternativeNames(names)));
    }

    private static byte[] extension(String identifier, Optional<byte[]> critical, byte[] value) {
        return critical.map(flag -> Der.sequence(Der.identifier(identifier), flag, Der.octetString(value)))
                .orElseGet(() -> Der.sequence(Der.identifier(identifier), Der.octetString(value)));
    }

    private static byte[] alternativeNames(List<String> names) {
        List<byte[]> encoded = new ArrayList<>();
        for (String name : names) {
            byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
            encoded.add(address == null ? Der.primitive(DNS_NAME, hostName(name)) : Der.primitive(IP_ADDRESS, address));
        }
        return Der.sequence(encoded.toArray(byte[][]::new));
    }

    private static byte[] hostName(String name) {
        String wildcard = name.startsWith(WILDCARD) ? WILDCARD : "";
        String ascii;
        try {
            ascii = wildcard + IDN.toASCII(name.substring(wildcard.length()), IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            throw notAName(name);
        }
        if (ascii.length() == wildcard.length() || ascii.length() > MAX_HOST_NAME) {
            throw notAName(name);
        }
        return ascii.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }

    private static IllegalArgumentException notAName(String name) {
        return new IllegalArgumentException("self-signed certificate: \"" + name
                + "\" (expected: a host name, a name that begins with \"*.\", or an IP address)");
    }

    private static byte[] nameOf(String name) {
        String shown = name.length() <= MAX_COMMON_NAME ? name : name.substring(0, MAX_COMMON_NAME);
        return Der.sequence(Der.set(Der.sequence(Der.identifier(COMMON_NAME), Der.utf8(shown))));
    }

    private static byte[] signatureAlgorithm() {
        return Der.sequence(Der.identifier(ECDSA_WITH_SHA256));
    }
}
