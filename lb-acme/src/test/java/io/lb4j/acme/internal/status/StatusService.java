package io.lb4j.acme.internal.status;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.Req;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.cert.ocsp.jcajce.JcaRespID;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A responder and revocation lists of one issuer, over HTTP, which can be told to go wrong. Thread-safe. */
public final class StatusService implements AutoCloseable {
    /** An answer to a question, or a list, in DER. */
    interface Answer {
        byte[] octets(byte[] question) throws Exception;
    }

    /** Who signs. */
    record Signer(PrivateKey key, X509Certificate certificate) {
        ContentSigner signs() throws Exception {
            String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            return new JcaContentSignerBuilder(algorithm).build(key);
        }
    }

    private final HttpServer server;
    private final Map<BigInteger, Integer> revoked = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    volatile Duration validity = Duration.ofDays(4);
    volatile boolean knowsNobody;
    volatile Optional<URI> scope = Optional.empty();
    private volatile Optional<Signer> signer = Optional.empty();
    private volatile List<X509Certificate> enclosed = List.of();
    volatile Optional<Answer> instead = Optional.empty();

    /** Starts a service that nobody has charged yet. */
    public StatusService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/ocsp", exchange -> answer(exchange, this::response));
        server.createContext("/list", exchange -> answer(exchange, any -> list()));
        server.createContext("/elsewhere", exchange -> {
            exchange.getResponseHeaders().add("Location", list("/list").toString());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    /** Lets it speak for an issuer. */
    public void signAs(PrivateKey key, X509Certificate certificate, X509Certificate... more) {
        signer = Optional.of(new Signer(key, certificate));
        enclosed = List.of(more);
    }

    /** Says from now on that a certificate is revoked. */
    public void revoke(BigInteger serial, int reason) {
        revoked.put(serial, reason);
    }

    /** Returns how many times anything was asked. */
    public int asked() {
        return asked.get();
    }

    /** Returns where the responder is. */
    public URI responder() {
        return list("/ocsp");
    }

    URI list(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private void answer(HttpExchange exchange, Answer answer) throws IOException {
        asked.incrementAndGet();
        try (OutputStream out = exchange.getResponseBody()) {
            byte[] question = exchange.getRequestBody().readAllBytes();
            byte[] octets = instead.orElse(answer).octets(question);
            exchange.sendResponseHeaders(200, octets.length);
            out.write(octets);
        } catch (Exception e) {
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private byte[] response(byte[] question) throws Exception {
        Signer by = signer.orElseThrow();
        BasicOCSPRespBuilder builder =
                new BasicOCSPRespBuilder(new JcaRespID(by.certificate.getSubjectX500Principal()));
        Instant now = Instant.now();
        for (Req each : new OCSPReq(question).getRequestList()) {
            Integer reason = revoked.get(each.getCertID().getSerialNumber());
            CertificateStatus status = CertificateStatus.GOOD;
            if (knowsNobody) {
                status = new UnknownStatus();
            } else if (reason != null) {
                status = new RevokedStatus(Date.from(now), reason);
            }
            builder.addResponse(
                    each.getCertID(), status, Date.from(now.minus(Duration.ofDays(1))), Date.from(now.plus(validity)));
        }
        List<X509CertificateHolder> holders = new ArrayList<>();
        for (X509Certificate each : enclosed) {
            holders.add(new JcaX509CertificateHolder(each));
        }
        OCSPResp response = new OCSPRespBuilder()
                .build(
                        OCSPResp.SUCCESSFUL,
                        builder.build(by.signs(), holders.toArray(new X509CertificateHolder[0]), Date.from(now)));
        return response.getEncoded();
    }

    private byte[] list() throws Exception {
        Signer by = signer.orElseThrow();
        Instant now = Instant.now();
        X509v2CRLBuilder builder = new JcaX509v2CRLBuilder(by.certificate, Date.from(now.minus(Duration.ofDays(1))));
        builder.setNextUpdate(Date.from(now.plus(validity)));
        revoked.forEach((serial, reason) ->
                builder.addCRLEntry(serial, Date.from(now), reason == 0 ? CRLReason.unspecified : reason));
        if (scope.isPresent()) {
            GeneralName name = new GeneralName(
                    GeneralName.uniformResourceIdentifier, scope.get().toString());
            builder.addExtension(
                    Extension.issuingDistributionPoint,
                    true,
                    new IssuingDistributionPoint(
                            new DistributionPointName(new GeneralNames(name)), false, false, null, false, false));
        }
        return builder.build(by.signs()).getEncoded();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
