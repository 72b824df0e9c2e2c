package io.lb4j.acme.dns;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/**
 * Has a server put records: {@code POST /present} and {@code POST /cleanup} with {@code {"fqdn": …, "value": …}}, as lego asks for it. Thread-safe.
 */
final class HttpreqProvider implements DnsProvider {
    private final HttpApi api = new HttpApi();
    private final URI endpoint;
    private final Map<String, String> fields;

    /**
     * Who asks.
     *
     * @param username of Basic authentication
     * @param password of Basic authentication
     */
    record Login(String username, String password) {}

    HttpreqProvider(URI endpoint, Optional<Login> login) {
        this.endpoint = endpoint;
        this.fields = login.map(one -> Map.of(
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (one.username + ":" + one.password).getBytes(StandardCharsets.UTF_8))))
                .orElse(Map.of("Content-Type", "application/json"));
    }

    @Override
    public void add(TxtRecord record) throws IOException, InterruptedException {
        post("present", record);
    }

    @Override
    public void remove(TxtRecord record) throws IOException, InterruptedException {
        post("cleanup", record);
    }

    private void post(String action, TxtRecord record) throws IOException, InterruptedException {
        String base = endpoint.toString();
        URI address = URI.create((base.endsWith("/") ? base : base + "/") + action);
        String body = new JSONBuilder()
                .put("fqdn", record.absoluteName())
                .put("value", record.value())
                .toString();
        api.send(new HttpApi.Call("POST", address, fields, body));
    }
}
