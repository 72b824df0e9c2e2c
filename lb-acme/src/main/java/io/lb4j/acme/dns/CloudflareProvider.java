package io.lb4j.acme.dns;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.shredzone.acme4j.toolbox.JSON;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/**
 * Puts records into zones at Cloudflare, with a token that may edit DNS and read zones (API v4). Thread-safe.
 */
final class CloudflareProvider implements DnsProvider {
    private static final int TIME_TO_LIVE_SECONDS = 60; // the shortest that Cloudflare takes

    private final HttpApi api = new HttpApi();
    private final String base;
    private final Map<String, String> fields;

    CloudflareProvider(URI base, String token) {
        this.base = base.toString().replaceAll("/+$", "");
        this.fields = Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json");
    }

    @Override
    public void add(TxtRecord record) throws IOException, InterruptedException {
        String zone = zone(record.name());
        if (!records(zone, record).isEmpty()) {
            return;
        }
        String body = new JSONBuilder()
                .put("type", "TXT")
                .put("name", record.name())
                .put("content", quoted(record))
                .put("ttl", TIME_TO_LIVE_SECONDS)
                .toString();
        call("POST", "/zones/" + zone + "/dns_records", body);
    }

    @Override
    public void remove(TxtRecord record) throws IOException, InterruptedException {
        String zone = zone(record.name());
        for (String id : records(zone, record)) {
            call("DELETE", "/zones/" + zone + "/dns_records/" + id, "");
        }
    }

    /** Finds the zone that a name is in: the longest suffix that is one. */
    private String zone(String name) throws IOException, InterruptedException {
        String suffix = name;
        while (suffix.contains(".")) {
            for (JSON.Value zone : result(call("GET", "/zones?name=" + encoded(suffix), ""))) {
                return zone.asObject().get("id").asString();
            }
            suffix = suffix.substring(suffix.indexOf('.') + 1);
        }
        throw new IOException("Cloudflare: no zone for " + name + " (expected: one that the token may read)");
    }

    private List<String> records(String zone, TxtRecord record) throws IOException, InterruptedException {
        String query = "/zones/" + zone + "/dns_records?type=TXT&name=" + encoded(record.name());
        List<String> ids = new ArrayList<>();
        for (JSON.Value each : result(call("GET", query, ""))) {
            String content = each.asObject().get("content").asString();
            if (content.equals(record.value()) || content.equals(quoted(record))) {
                ids.add(each.asObject().get("id").asString());
            }
        }
        return ids;
    }

    private JSON call(String method, String path, String body) throws IOException, InterruptedException {
        try {
            return JSON.parse(api.send(new HttpApi.Call(method, URI.create(base + path), fields, body)));
        } catch (AcmeProtocolException e) {
            throw new IOException("Cloudflare: " + method + " " + path + " is not answered in JSON", e);
        }
    }

    private static JSON.Array result(JSON answer) throws IOException {
        try {
            return answer.get("result").asArray();
        } catch (AcmeProtocolException e) {
            throw new IOException("Cloudflare: an answer without a list as its result", e);
        }
    }

    private static String quoted(TxtRecord record) {
        return "\"" + record.value() + "\"";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
