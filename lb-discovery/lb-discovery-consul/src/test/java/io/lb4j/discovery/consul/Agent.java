package io.lb4j.discovery.consul;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.UnaryOperator;

/** Somebody else who speaks with a Consul agent: by its HTTP interface, as curl would. */
final class Agent {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String url;
    private final String token;

    Agent(String url) {
        this(url, "");
    }

    Agent(String url, String token) {
        this.url = url;
        this.token = token;
    }

    String put(String path, String body) {
        HttpResponse<String> response = send(path, builder -> builder.PUT(HttpRequest.BodyPublishers.ofString(body)));
        if (response.statusCode() != 200) {
            throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> how) {
        HttpRequest.Builder request = how.apply(HttpRequest.newBuilder(URI.create(url + path)));
        if (!token.isEmpty()) {
            request.header("X-Consul-Token", token);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(path, e);
        }
    }

    /** Registers an instance; the rest is JSON members, such as {@code "Port": 80}. */
    void register(String id, String service, String members) {
        put("/v1/agent/service/register", "{\"ID\":\"" + id + "\",\"Name\":\"" + service + "\"," + members + "}");
    }

    /** Returns whether an instance is registered with this agent. */
    boolean knows(String id) {
        return send("/v1/agent/service/" + id, HttpRequest.Builder::GET).statusCode() == 200;
    }

    void deregister(String id) {
        put("/v1/agent/service/deregister/" + id, "");
    }
}
