package io.lb4j.acme.dns;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Requests to a service's API: no redirects, half a minute, and an answer that is not 2xx is a failure. Thread-safe. */
final class HttpApi {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SHOWN = 300; // of an answer that nobody expected

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /**
     * A request.
     *
     * @param method of HTTP
     * @param address whole, with its query
     * @param fields of the head
     * @param body empty for none
     */
    record Call(String method, URI address, Map<String, String> fields, String body) {}

    /** Returns the body of the answer. */
    String send(Call call) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body = call.body.isEmpty()
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(call.body);
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(call.address).timeout(PATIENCE).method(call.method, body);
        call.fields.forEach(builder::header);
        HttpResponse<String> answer =
                client.send(builder.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() / 100 != 2) {
            String text = answer.body().strip().replaceAll("\\s+", " ");
            String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            throw new IOException(call.method + " " + call.address.getHost() + call.address.getPath() + ": "
                    + answer.statusCode() + " " + shown + " (expected: 2xx)");
        }
        return answer.body();
    }
}
