package io.lb4j.acme.internal.demand;

import io.lb4j.acme.internal.web.OwnClient;
import io.lb4j.acme.model.DemandDecision;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks an address whether a name is ours: {@code GET <address>?domain=<name>}, where 2xx is a yes; no redirects. Thread-safe. */
public final class AskedAddress implements DemandDecision, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LONGEST_ANSWER = 64 * 1024; // whose words do not count

    private final OwnClient client = new OwnClient("lb4j-acme-ask", builder -> builder.connectTimeout(PATIENCE));
    private final URI address;

    /** @param address without a query */
    public AskedAddress(URI address) {
        this.address = address;
    }

    @Override
    public boolean allows(String name) throws IOException, InterruptedException {
        URI asked = URI.create(address + "?domain=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
        HttpResponse<byte[]> answer =
                client.exchange(HttpRequest.newBuilder(asked).build(), LONGEST_ANSWER, PATIENCE);
        return answer.statusCode() / 100 == 2;
    }

    @Override
    public void close() {
        client.close();
    }
}
