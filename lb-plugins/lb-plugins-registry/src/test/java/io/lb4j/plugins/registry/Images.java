package io.lb4j.plugins.registry;

import io.lb4j.plugins.registry.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Pushes images to a registry step by step, as any client would; nothing of it is what is tested. */
public final class Images {
    private final HttpClient client;
    private final URI root;
    private final Optional<String> authorization;

    private Images(HttpClient client, URI root, Optional<String> authorization) {
        this.client = client;
        this.root = root;
        this.authorization = authorization;
    }

    /** Pushes to a registry that lets everybody in. */
    public static Images at(String host) {
        return new Images(HttpClient.newHttpClient(), URI.create("http://" + host), Optional.empty());
    }

    /** Pushes with a field {@code Authorization}. */
    public static Images at(String host, String authorization) {
        return new Images(HttpClient.newHttpClient(), URI.create("http://" + host), Optional.of(authorization));
    }

    /** Pushes over TLS. */
    public static Images securely(String host, HttpClient client) {
        return new Images(client, URI.create("https://" + host), Optional.empty());
    }

    /** Pushes a module, and returns the digest of its manifest. */
    public Digest push(Layout layout, String repository, String tag, byte[] module) {
        String config = blob(repository, "{}".getBytes(StandardCharsets.UTF_8));
        String beside = blob(repository, layout.beside());
        String layer = blob(repository, layout.layer(module));
        return manifest(repository, tag, layout.manifestType(), layout.manifest(config, beside, layer));
    }

    /** Pushes a blob, and returns the part of its descriptor without the type. */
    public String blob(String repository, byte[] octets) {
        HttpResponse<String> begun =
                send("POST", root.resolve("/v2/" + repository + "/blobs/uploads/"), "", new byte[0]);
        URI upload = root.resolve(begun.headers().firstValue("Location").orElseThrow());
        String separator = upload.getRawQuery() == null ? "?" : "&";
        Digest digest = Digest.of(octets);
        URI end = URI.create(upload + separator + "digest=" + digest);
        HttpResponse<String> put = send("PUT", end, "application/octet-stream", octets);
        if (put.statusCode() != 201) {
            throw new IllegalStateException("blob: " + put.statusCode() + " " + put.body());
        }
        return "\"digest\":\"" + digest + "\",\"size\":" + octets.length;
    }

    /** Pushes a manifest, and returns its digest. */
    public Digest manifest(String repository, String tag, String type, String manifest) {
        byte[] octets = manifest.getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> put = send("PUT", root.resolve("/v2/" + repository + "/manifests/" + tag), type, octets);
        if (put.statusCode() != 201) {
            throw new IllegalStateException("manifest: " + put.statusCode() + " " + put.body());
        }
        return Digest.of(octets);
    }

    private HttpResponse<String> send(String method, URI address, String type, byte[] body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        authorization.ifPresent(field -> request.header("Authorization", field));
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
