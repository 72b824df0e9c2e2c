package io.lb4j.acme.internal.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lb4j.acme.model.KeyType;
import io.lb4j.acme.model.RevocationReason;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counts of what is answered to the question whether a certificate is revoked, and what does not. */
final class IssuersTest {
    private static final BigInteger SERIAL = BigInteger.valueOf(4711);
    private static final Duration DAY = Duration.ofDays(1);

    private final KeyPair issuerKey = KeyType.EC256.generate();
    private final KeyPair leafKey = KeyType.EC256.generate();
    private final Issuers issuers = new Issuers(Clock.systemUTC());
    private StatusService service;
    private X509Certificate issuer;

    @BeforeEach
    void start() throws Exception {
        service = new StatusService();
        issuer = issue("issuer", issuerKey, Extension.basicConstraints, new BasicConstraints(true));
        service.signAs(issuerKey.getPrivate(), issuer);
    }

    @AfterEach
    void stop() {
        issuers.close();
        service.close();
    }

    private X509Certificate issue(String name, KeyPair key, ASN1ObjectIdentifier extension, ASN1Encodable value)
            throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Principal("CN=issuer"),
                SERIAL,
                Date.from(now.minus(DAY)),
                Date.from(now.plus(DAY)),
                new X500Principal("CN=" + name),
                key.getPublic());
        builder.addExtension(extension, false, value);
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
    }

    private static GeneralName at(URI address) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, address.toString());
    }

    private Certificate withResponder(URI responder) throws Exception {
        return certificate(
                Extension.authorityInfoAccess,
                new AuthorityInformationAccess(AccessDescription.id_ad_ocsp, at(responder)));
    }

    private Certificate withList(URI list) throws Exception {
        DistributionPointName name = new DistributionPointName(new GeneralNames(at(list)));
        return certificate(
                Extension.cRLDistributionPoints,
                new CRLDistPoint(new DistributionPoint[] {new DistributionPoint(name, null, null)}));
    }

    private Certificate certificate(ASN1ObjectIdentifier extension, ASN1Encodable value) throws Exception {
        return new Certificate(leafKey.getPrivate(), List.of(issue("leaf", leafKey, extension, value), issuer));
    }

    private void assertGood(Certificate certificate) throws Exception {
        IssuerStatement statement = issuers.ask(certificate).orElseThrow();
        assertThat(statement.isRevoked()).isFalse();
        assertThat(statement.until())
                .isBetween(Instant.now().plus(DAY), Instant.now().plus(DAY.multipliedBy(5)));
    }

    private void assertWorthless(Certificate certificate, String why) {
        assertThatThrownBy(() -> issuers.ask(certificate))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aResponderSaysWhetherAndWhy() throws Exception {
        Certificate certificate = withResponder(service.responder());
        assertGood(certificate);
        assertThat(issuers.ask(certificate).orElseThrow().ocspResponse()).isPresent();
        service.revoke(SERIAL, 1);
        IssuerStatement revoked = issuers.ask(certificate).orElseThrow();
        assertThat(revoked.isRevoked()).isTrue();
        assertThat(revoked.reason()).contains(RevocationReason.KEY_COMPROMISE);
    }

    @Test
    void oneWhomTheIssuerHasChargedMaySignAndNobodyElse() throws Exception {
        Certificate certificate = withResponder(service.responder());
        KeyPair key = KeyType.EC256.generate();
        X509Certificate charged = issue(
                "responder", key, Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_OCSPSigning));
        service.signAs(key.getPrivate(), charged, charged);
        assertGood(certificate);

        X509Certificate server =
                issue("server", key, Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        service.signAs(key.getPrivate(), server, server);
        assertWorthless(certificate, "the issuer has not signed");
        X509Certificate plain = issue("plain", key, Extension.basicConstraints, new BasicConstraints(false));
        service.signAs(key.getPrivate(), plain, plain);
        assertWorthless(certificate, "the issuer has not signed");
        service.signAs(KeyType.RSA2048.generate().getPrivate(), issuer);
        assertWorthless(certificate, "the issuer has not signed");
    }

    @Test
    void anAnswerThatIsOldOrUnknowingOrAboutOthersDoesNotCount() throws Exception {
        Certificate certificate = withResponder(service.responder());
        service.validity = DAY.negated().plusMinutes(1);
        assertWorthless(certificate, "(expected: for now)");
        service.validity = DAY;
        service.knowsNobody = true;
        assertWorthless(certificate, "does not know the certificate");
        service.knowsNobody = false;
        byte[] about = OcspQuestion.of(certificate.chain().get(0), issuer).octets();
        service.instead = Optional.of(question -> new byte[] {0x30, 0x03, 0x0a, 0x01, 0x03}); // tryLater
        assertWorthless(certificate, "status 3");
        service.instead = Optional.of(question -> about);
        assertWorthless(certificate, "cannot be read");
        service.instead = Optional.of(question -> new byte[100_000]);
        assertWorthless(certificate, "more than 65536 octets");
    }

    @Test
    void aListSaysWhetherAndWhy() throws Exception {
        Certificate certificate = withList(service.list("/list"));
        assertGood(certificate);
        service.revoke(BigInteger.TWO, 1);
        assertGood(certificate);
        service.revoke(SERIAL, 4);
        IssuerStatement revoked = issuers.ask(certificate).orElseThrow();
        assertThat(revoked.isRevoked()).isTrue();
        assertThat(revoked.reason()).contains(RevocationReason.SUPERSEDED);
        assertThat(revoked.ocspResponse()).isEmpty();
    }

    @Test
    void aListThatIsOldOrForeignOrForOthersDoesNotCount() throws Exception {
        Certificate certificate = withList(service.list("/list"));
        service.scope = Optional.of(service.list("/list"));
        assertGood(certificate);
        service.scope = Optional.of(service.list("/other"));
        assertWorthless(certificate, "for other certificates than those that name");
        service.scope = Optional.empty();
        service.validity = Duration.ofMinutes(-1);
        assertWorthless(certificate, "(expected: one for now)");
        service.validity = DAY;
        service.signAs(leafKey.getPrivate(), issuer);
        assertWorthless(certificate, "is not the issuer's");
        assertWorthless(withList(service.list("/elsewhere")), "302 (expected: 200)");
    }

    @Test
    void nobodyIsAskedWhereNobodyIsNamed() throws Exception {
        assertThat(issuers.ask(certificate(Extension.basicConstraints, new BasicConstraints(false))))
                .isEmpty();
        assertThat(issuers.ask(withResponder(URI.create("ldap://127.0.0.1/ocsp"))))
                .isEmpty();
        assertThat(service.asked()).isZero();
    }

    @Test
    void noCertificateLeadsToTheCredentialsOfTheMachine() throws Exception {
        assertWorthless(withResponder(URI.create("http://169.254.169.254/latest")), "where nobody is asked");
        assertWorthless(withList(URI.create("http://169.254.169.254/latest")), "where nobody is asked");
    }
}
