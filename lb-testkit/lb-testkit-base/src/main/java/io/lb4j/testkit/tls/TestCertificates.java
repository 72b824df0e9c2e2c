package io.lb4j.testkit.tls;

import io.lb4j.testkit.tls.LeafSpec.KeyKind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority that lives for one test, and the leaves it issues. No keytool, no files unless asked for,
 * no provider is registered with the JVM. Thread-safe.
 *
 * <pre>{@code
 * TestCertificates authority = TestCertificates.create();
 * TestCertificate server = authority.server("localhost", "127.0.0.1");
 * TestCertificate late = authority.expired("localhost");
 * }</pre>
 */
public final class TestCertificates {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private final AtomicLong serials = new AtomicLong(System.nanoTime());
    private final KeyPair keyPair;
    private final X500Principal subject;
    private final X509Certificate certificate;

    private TestCertificates(KeyPair keyPair, String commonName) {
        this.keyPair = keyPair;
        this.subject = new X500Principal("CN=" + commonName);
        this.certificate = selfIssued();
    }

    /**
     * A new authority with an EC P-256 key, valid from two hours ago for 60 days.
     *
     * @return a new authority that nobody trusts yet
     */
    public static TestCertificates create() {
        return create(KeyKind.EC);
    }

    /**
     * A new authority with a key of the given kind.
     *
     * @param kind the kind of the authority's own key
     * @return a new authority that nobody trusts yet
     */
    public static TestCertificates create(KeyKind kind) {
        return new TestCertificates(newKeyPair(kind), "lb4j test authority");
    }

    /**
     * A server certificate for these names, with the defaults of {@link LeafSpec}.
     *
     * @param names host names, wildcards or IP addresses; the first becomes the CN as well
     * @return a new key and its chain
     * @throws IllegalArgumentException if no name is given
     */
    public TestCertificate server(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("names: [] (expected: at least one)");
        }
        return issue(LeafSpec.named(names[0]).names(names));
    }

    /**
     * A client certificate.
     *
     * @param commonName the CN that the server will see
     * @return a new key and its chain
     */
    public TestCertificate client(String commonName) {
        return issue(LeafSpec.named(commonName));
    }

    /**
     * A server certificate whose time ended a day ago.
     *
     * @param names as for {@link #server}
     * @return a new key and its chain
     */
    public TestCertificate expired(String... names) {
        Instant end = Instant.now().minus(Duration.ofDays(1));
        return issue(LeafSpec.named(names[0]).names(names).validity(end.minus(Duration.ofDays(30)), end));
    }

    /**
     * A server certificate whose time begins tomorrow.
     *
     * @param names as for {@link #server}
     * @return a new key and its chain
     */
    public TestCertificate notYetValid(String... names) {
        Instant begin = Instant.now().plus(Duration.ofDays(1));
        return issue(LeafSpec.named(names[0]).names(names).validity(begin, begin.plus(Duration.ofDays(30))));
    }

    /**
     * Issues what the specification says.
     *
     * @param spec the content of the leaf
     * @return a new key and its chain, this authority last
     */
    public TestCertificate issue(LeafSpec spec) {
        KeyPair pair = newKeyPair(spec.keyKind());
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject,
                nextSerial(),
                Date.from(spec.notBefore()),
                Date.from(spec.notAfter()),
                new X500Principal("CN=" + spec.commonName()),
                pair.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            if (!spec.alternativeNames().isEmpty()) {
                builder.addExtension(Extension.subjectAlternativeName, false, generalNames(spec.alternativeNames()));
            }
        } catch (CertIOException e) {
            throw new IllegalArgumentException("certificate for " + spec.commonName() + " cannot be encoded", e);
        }
        return new TestCertificate(pair.getPrivate(), List.of(sign(builder, keyPair.getPrivate()), certificate));
    }

    /**
     * The certificate of the authority itself: what a peer must trust.
     *
     * @return self-signed
     */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * The certificate of the authority as PEM.
     *
     * @return text that ends with a line feed
     */
    public String pem() {
        return TestCertificate.pem(certificate);
    }

    /**
     * Writes the certificate of the authority to a file.
     *
     * @param file written anew
     * @return the same path
     * @throws IOException if the file cannot be written
     */
    public Path writePem(Path file) throws IOException {
        return Files.writeString(file, pem(), StandardCharsets.US_ASCII);
    }

    /**
     * A trust store that holds this authority and nothing else.
     *
     * @return a new PKCS#12 key store without password
     */
    public KeyStore trustStore() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", certificate);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JDK cannot hold " + subject, e);
        }
    }

    private X509Certificate selfIssued() {
        Instant from = Instant.now().minus(Duration.ofHours(2));
        PublicKey key = keyPair.getPublic();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                subject, nextSerial(), Date.from(from), Date.from(from.plus(Duration.ofDays(60))), subject, key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        } catch (CertIOException e) {
            throw new IllegalStateException("constant extensions cannot be encoded", e);
        }
        return sign(builder, keyPair.getPrivate());
    }

    private BigInteger nextSerial() {
        return BigInteger.valueOf(serials.incrementAndGet() & Long.MAX_VALUE);
    }

    private static GeneralNames generalNames(List<String> names) {
        return new GeneralNames(names.stream()
                .map(name -> new GeneralName(
                        ADDRESS.matcher(name).matches() ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
        } catch (OperatorCreationException | CertificateException e) {
            throw new IllegalStateException("the JDK cannot sign with " + algorithm, e);
        }
    }

    private static KeyPair newKeyPair(KeyKind kind) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.name());
            generator.initialize(kind == KeyKind.EC ? 256 : 2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no " + kind + " keys", e);
        }
    }
}
