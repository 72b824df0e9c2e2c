package io.lb4j.acme.internal.status;

import io.lb4j.acme.model.RevocationReason;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertException;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** What a responder is asked about one certificate, and how its answer is judged (RFC 6960 §3.2). Immutable. */
final class OcspQuestion {
    private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);
    private static final Duration WITHOUT_END =
            Duration.ofHours(1); // an answer of which newer ones are always to be had

    private final X509CertificateHolder issuer;
    private final CertificateID id;
    private final DigestCalculatorProvider digests;

    private OcspQuestion(X509CertificateHolder issuer, CertificateID id, DigestCalculatorProvider digests) {
        this.issuer = issuer;
        this.id = id;
        this.digests = digests;
    }

    static OcspQuestion of(X509Certificate certificate, X509Certificate issuer) throws IOException {
        try {
            DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
            X509CertificateHolder holder = new JcaX509CertificateHolder(issuer);
            // RFC 5019 §2.1.1: SHA-1 is what responders know; nothing hangs on its strength here.
            CertificateID id =
                    new CertificateID(digests.get(CertificateID.HASH_SHA1), holder, certificate.getSerialNumber());
            return new OcspQuestion(holder, id, digests);
        } catch (CertificateEncodingException | OperatorCreationException | OCSPException e) {
            throw new IOException("a question to the responder cannot be made", e);
        }
    }

    byte[] octets() throws IOException {
        try {
            return new OCSPReqBuilder().addRequest(id).build().getEncoded();
        } catch (OCSPException e) {
            throw new IOException("a question to the responder cannot be made", e);
        }
    }

    /** Returns what an answer says. */
    IssuerStatement judge(byte[] answer, Instant now) throws IOException {
        try {
            OCSPResp response = new OCSPResp(answer);
            if (response.getStatus() != OCSPResp.SUCCESSFUL
                    || !(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new IOException("responder: status " + response.getStatus() + " (expected: 0, and an answer)");
            }
            SingleResp single = about(basic);
            if (!isSigned(basic, now)) {
                throw new IOException("responder: an answer that the issuer has not signed");
            }
            return statement(single, now).by(answer);
        } catch (CertIOException
                | OCSPException
                | OperatorCreationException
                | CertException
                | IllegalArgumentException e) {
            throw new IOException("responder: an answer that cannot be read", e);
        }
    }

    private SingleResp about(BasicOCSPResp basic) throws IOException, OCSPException {
        for (SingleResp each : basic.getResponses()) {
            if (each.getCertID().getSerialNumber().equals(id.getSerialNumber())
                    && each.getCertID().matchesIssuer(issuer, digests)) {
                return each;
            }
        }
        throw new IOException("responder: an answer about other certificates");
    }

    /** By the issuer, or by one whom the issuer has charged with it (RFC 6960 §4.2.2.2). */
    private boolean isSigned(BasicOCSPResp basic, Instant now)
            throws OCSPException, OperatorCreationException, CertException, IOException {
        if (isSignedBy(basic, issuer)) {
            return true;
        }
        for (X509CertificateHolder each : basic.getCerts()) {
            if (isCharged(each, now) && isSignedBy(basic, each)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSignedBy(BasicOCSPResp basic, X509CertificateHolder signer)
            throws OCSPException, OperatorCreationException, IOException {
        try {
            return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(signer));
        } catch (CertificateException e) {
            throw new IOException("responder: a certificate that cannot be read", e);
        } catch (OCSPException e) {
            // A signature by a key of another kind cannot even be tried.
            return false;
        }
    }

    private boolean isCharged(X509CertificateHolder signer, Instant now)
            throws CertException, OperatorCreationException, IOException {
        if (signer.getExtensions() == null) {
            return false;
        }
        ExtendedKeyUsage usage = ExtendedKeyUsage.fromExtensions(signer.getExtensions());
        try {
            return usage != null
                    && usage.hasKeyPurposeId(KeyPurposeId.id_kp_OCSPSigning)
                    && signer.getIssuer().equals(issuer.getSubject())
                    && signer.isValidOn(Date.from(now))
                    && signer.isSignatureValid(new JcaContentVerifierProviderBuilder().build(issuer));
        } catch (CertificateException e) {
            throw new IOException("responder: a certificate that cannot be read", e);
        }
    }

    private static IssuerStatement statement(SingleResp single, Instant now) throws IOException {
        Instant from = single.getThisUpdate().toInstant();
        Instant until =
                Optional.ofNullable(single.getNextUpdate()).map(Date::toInstant).orElse(now.plus(WITHOUT_END));
        if (from.isAfter(now.plus(CLOCK_DIFFERENCE)) || !until.isAfter(now)) {
            throw new IOException("responder: an answer for " + from + " to " + until + " (expected: for now)");
        }
        CertificateStatus status = single.getCertStatus();
        if (status == CertificateStatus.GOOD) {
            return IssuerStatement.good(until);
        }
        if (status instanceof RevokedStatus revoked) {
            return IssuerStatement.revoked(
                    revoked.hasRevocationReason()
                            ? RevocationReason.of(revoked.getRevocationReason())
                            : Optional.empty(),
                    until);
        }
        throw new IOException("responder: it does not know the certificate");
    }
}
