package io.lb4j.acme.internal.challenge;

import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import io.lb4j.acme.model.KeyType;
import io.lb4j.spi.Certificate;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Answers by TLS (TLS-ALPN-01, RFC 8737): with a certificate that holds the proof, shown by the balancer's TLS listeners to who asks for it by ALPN.
 * Thread-safe.
 */
public final class TlsSolver implements Solver {
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");
    private static final X500Name SUBJECT = new X500Name("CN=ACME challenge");
    private static final Duration CLOCK_DIFFERENCE = Duration.ofDays(1);

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

    private record Answer(Proof proof, Certificate certificate) {}

    /** Creates a solver that knows no challenge. */
    public TlsSolver() {}

    @Override
    public ChallengeType type() {
        return ChallengeType.TLS_ALPN;
    }

    @Override
    public boolean isFor(DomainName name) {
        return !name.isWildcard();
    }

    @Override
    public void present(Proof proof) {
        answers.put(serverName(proof.name()), new Answer(proof, certificate(proof)));
    }

    @Override
    public void withdraw(Proof proof) {
        answers.computeIfPresent(serverName(proof.name()), (any, answer) -> answer.proof.equals(proof) ? null : answer);
    }

    /** Returns the certificate for a handshake that validates a name. Never blocks. */
    public Optional<Certificate> answer(String serverName) {
        return Optional.ofNullable(answers.get(serverName)).map(Answer::certificate);
    }

    /** What the authority asks for: of an address, its name in the reverse tree (RFC 8738 §6). */
    private static String serverName(DomainName name) {
        if (!name.isAddress()) {
            return name.text();
        }
        byte[] octets = NetUtil.createByteArrayFromIpAddressString(name.text());
        StringBuilder reversed = new StringBuilder();
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xff;
            if (octets.length == 4) {
                reversed.append(octet).append('.');
            } else {
                reversed.append(Integer.toHexString(octet & 0xf)).append('.');
                reversed.append(Integer.toHexString(octet >> 4)).append('.');
            }
        }
        return reversed + (octets.length == 4 ? "in-addr.arpa" : "ip6.arpa");
    }

    private static Certificate certificate(Proof proof) {
        try {
            KeyPair pair = KeyType.EC256.generate();
            Instant now = Instant.now();
            int kind = proof.name().isAddress() ? GeneralName.iPAddress : GeneralName.dNSName;
            X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                            SUBJECT,
                            BigInteger.ONE,
                            Date.from(now.minus(CLOCK_DIFFERENCE)),
                            Date.from(now.plus(CLOCK_DIFFERENCE)),
                            SUBJECT,
                            pair.getPublic())
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(kind, proof.name().text())))
                    .addExtension(ACME_IDENTIFIER, true, new DEROctetString(proof.digest()));
            return new Certificate(
                    pair.getPrivate(),
                    List.of(new JcaX509CertificateConverter()
                            .getCertificate(builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())))));
        } catch (IOException | CertificateException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate for " + proof.name() + " cannot fail to be made", e);
        }
    }
}
