package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.registry.oci.HttpTransfers.Answer;
import io.lb4j.plugins.registry.oci.HttpTransfers.Sink;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import io.lb4j.plugins.registry.oci.RegistryExchange.Call;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Optional;

/**
 * A client of registries (OCI distribution specification 1.1). Its methods block. Thread-safe; has threads of its own while it works, which end with it.
 */
public final class RegistryClient implements AutoCloseable {
    private static final Map<String, String> MANIFESTS = Map.of("Accept", ImageManifest.KINDS);
    private static final String DIGEST_FIELD = "Docker-Content-Digest";
    private static final String PULL = "pull";
    private static final String PUSH = "pull,push";

    private final RegistryAccess access;
    private final HttpTransfers transfers;
    private final RegistryExchange exchange;

    /**
     * Creates a client.
     *
     * @throws IOException if the file of authorities cannot be read
     */
    public RegistryClient(RegistryAccess access) throws IOException {
        this.access = access;
        transfers = new HttpTransfers(TrustedAuthorities.of(access.authorities()), access.timeout());
        exchange = new RegistryExchange(transfers, new Authorizer(transfers, access.credentials()));
    }

    /**
     * Finds out which manifest an image's tag means at present.
     *
     * @return the digest that it is pinned to, without asking anybody, if it is
     * @throws RegistryException if there is none, or the registry cannot be asked
     */
    public Digest resolve(ImageReference image) throws IOException {
        if (image.digest().isPresent()) {
            return image.digest().get();
        }
        Answer head = exchange.send(call("HEAD", image, named(image.tag().orElseThrow()), MANIFESTS), nowhere());
        if (!head.isSuccess() && failure(head, "").reason() != Reason.UNEXPECTED_ANSWER) {
            throw failure(head, image.toString());
        }
        Optional<String> said = head.isSuccess() ? head.fields().firstValue(DIGEST_FIELD) : Optional.empty();
        if (said.isEmpty()) {
            return Digest.of(get(image, named(image.tag().orElseThrow())));
        }
        try {
            return Digest.parse(said.get());
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.UNEXPECTED_ANSWER, image + ": " + e.getMessage(), e);
        }
    }

    /**
     * Fetches a manifest.
     *
     * @param digest that it has to have
     * @throws RegistryException if there is none, or it is another one
     */
    public byte[] manifest(ImageReference image, Digest digest) throws IOException {
        byte[] octets = get(image, named(digest.toString()));
        Digest found = Digest.of(octets);
        if (!found.equals(digest)) {
            throw new RegistryException(
                    Reason.WRONG_DIGEST, image + ": manifest " + found + " (expected: " + digest + ")");
        }
        return octets;
    }

    /**
     * Fetches a blob. What was written when this fails is of no use.
     *
     * @param target takes the octets; the caller compares them with the digest
     * @throws RegistryException if there is none, or it is longer
     */
    void blob(ImageReference image, Descriptor blob, OutputStream target) throws IOException {
        Call call = call("GET", image, "blobs/" + blob.digest(), Map.of());
        requireSuccess(exchange.send(call, new Sink(target, blob.size())), image);
    }

    /**
     * Puts a blob into a repository, unless it is there.
     *
     * @throws RegistryException if the registry does not take it
     */
    public void push(ImageReference image, byte[] blob) throws IOException {
        Digest digest = Digest.of(blob);
        if (exchange.send(pushing("HEAD", image, "blobs/" + digest), nowhere()).isSuccess()) {
            return;
        }
        Answer begun = exchange.send(pushing("POST", image, "blobs/uploads/"), nowhere());
        requireSuccess(begun, image);
        URI upload = RegistryExchange.target(begun);
        URI end = URI.create(upload + (upload.getRawQuery() == null ? "?" : "&") + "digest=" + digest);
        requireSuccess(exchange.send(writing(image, end, "application/octet-stream", blob), nowhere()), image);
    }

    /**
     * Puts a manifest into a repository, under the image's tag if it has one. Its blobs have to be there.
     *
     * @return its digest
     * @throws RegistryException if the registry does not take it
     */
    public Digest push(ImageReference image, String mediaType, byte[] manifest) throws IOException {
        Digest digest = Digest.of(manifest);
        URI address = address(image, named(image.tag().orElse(digest.toString())));
        requireSuccess(exchange.send(writing(image, address, mediaType, manifest), nowhere()), image);
        return digest;
    }

    private Call pushing(String method, ImageReference image, String path) {
        return Call.bare(method, address(image, path), new Scope(access.root(image), image, PUSH), Map.of());
    }

    private Call writing(ImageReference image, URI address, String type, byte[] octets) {
        Scope scope = new Scope(access.root(image), image, PUSH);
        return new Call("PUT", address, scope, Map.of("Content-Type", type), BodyPublishers.ofByteArray(octets));
    }

    /**
     * Fetches a document of a web server, without credentials.
     *
     * @param address of https, or of http on this machine
     * @param longest octets that it may have
     * @throws RegistryException if it cannot be had, or is longer
     */
    public byte[] document(URI address, long longest) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Answer answer = exchange.fetch(address, new Sink(body, longest));
        if (!answer.isSuccess()) {
            throw failure(answer, HttpTransfers.withoutQuery(address));
        }
        return body.toByteArray();
    }

    private byte[] get(ImageReference image, String path) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        requireSuccess(
                exchange.send(call("GET", image, path, MANIFESTS), new Sink(body, ImageManifest.LONGEST)), image);
        return body.toByteArray();
    }

    private static String named(String name) {
        return "manifests/" + name;
    }

    private static Sink nowhere() {
        return new Sink(OutputStream.nullOutputStream(), ImageManifest.LONGEST);
    }

    private Call call(String method, ImageReference image, String path, Map<String, String> fields) {
        return Call.bare(method, address(image, path), new Scope(access.root(image), image, PULL), fields);
    }

    private URI address(ImageReference image, String path) {
        return URI.create(access.root(image) + "/v2/" + image.repository() + "/" + path);
    }

    private static void requireSuccess(Answer answer, ImageReference image) throws RegistryException {
        if (!answer.isSuccess()) {
            throw failure(answer, image.toString());
        }
    }

    private static RegistryException failure(Answer answer, String what) {
        Reason reason = switch (answer.status()) {
            case 404 -> Reason.NOT_FOUND;
            case 401, 403 -> Reason.UNAUTHORIZED;
            case 408, 429 -> Reason.UNREACHABLE;
            default -> answer.status() / 100 == 5 ? Reason.UNREACHABLE : Reason.UNEXPECTED_ANSWER;
        };
        return new RegistryException(reason, what + ": status " + answer.complaint());
    }

    @Override
    public void close() {
        transfers.close();
    }
}
