package io.lb4j.examples.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A client that asks what runs on a port of the loopback interface. */
final class Ask {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Ask() {}

    static HttpResponse<String> get(int port, String path, String... namesAndValues) {
        return send(request(port, path, namesAndValues));
    }

    static HttpResponse<String> post(int port, String path) {
        return send(request(port, path).POST(HttpRequest.BodyPublishers.ofString("something")));
    }

    private static HttpRequest.Builder request(int port, String path, String... namesAndValues) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return namesAndValues.length == 0 ? request : request.headers(namesAndValues);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
