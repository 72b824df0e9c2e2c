package io.lb4j.acme.internal.status;

import io.lb4j.acme.internal.web.OwnClient;
import io.lb4j.dns.AddressGuard;
import io.lb4j.spi.Certificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Asks where certificates say that their status can be had: a responder, and where none is named, a revocation list. Thread-safe.
 */
public final class Issuers implements StatusSource, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final int LONGEST_LIST = 16 * 1024 * 1024;

    private final OwnClient client = new OwnClient("lb4j-acme-status", builder -> builder.connectTimeout(PATIENCE));
    private final Clock clock;

    /** @param clock by which answers are judged */
    public Issuers(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Optional<IssuerStatement> ask(Certificate certificate) throws IOException, InterruptedException {
        if (certificate.chain().size() < 2) {
            return Optional.empty();
        }
        X509Certificate leaf = certificate.chain().get(0);
        X509Certificate issuer = certificate.chain().get(1);
        Optional<URI> responder = Pointers.responder(leaf);
        if (responder.isPresent()) {
            return Optional.of(byResponder(responder.get(), leaf, issuer));
        }
        List<URI> lists = Pointers.lists(leaf);
        return lists.isEmpty() ? Optional.empty() : Optional.of(byList(lists, leaf, issuer));
    }

    private IssuerStatement byResponder(URI responder, X509Certificate leaf, X509Certificate issuer)
            throws IOException, InterruptedException {
        OcspQuestion question = OcspQuestion.of(leaf, issuer);
        HttpRequest request = request(responder)
                .header("Content-Type", "application/ocsp-request")
                .POST(HttpRequest.BodyPublishers.ofByteArray(question.octets()))
                .build();
        return question.judge(body(request, LONGEST_ANSWER), now());
    }

    private IssuerStatement byList(List<URI> lists, X509Certificate leaf, X509Certificate issuer)
            throws IOException, InterruptedException {
        IOException first = null;
        for (URI list : lists) {
            try {
                byte[] body = body(request(list).build(), LONGEST_LIST);
                return RevocationList.judge(body, list, leaf, issuer, now());
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        throw first == null ? new IOException("revocation list: none is named") : first;
    }

    private Instant now() {
        return clock.instant();
    }

    private static HttpRequest.Builder request(URI address) throws IOException {
        // The JDK keeps what it has looked up for half a minute: the request goes where has been looked.
        for (InetAddress each : InetAddress.getAllByName(address.getHost())) {
            if (AddressGuard.STRICT.refuses(each)) {
                throw new IOException(address.getHost() + ": at " + each.getHostAddress()
                        + ", where nobody is asked (expected: no link-local or metadata address)");
            }
        }
        return HttpRequest.newBuilder(address);
    }

    private byte[] body(HttpRequest request, int longest) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = client.exchange(request, longest, PATIENCE);
        if (answer.statusCode() != 200) {
            throw new IOException(request.uri() + ": " + answer.statusCode() + " (expected: 200)");
        }
        return answer.body();
    }

    @Override
    public void close() {
        client.close();
    }
}
