package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.util.Optional;

/** A registry behind a cache; or a cache alone, for what may not be pulled. Its methods block. Thread-safe. */
public final class CachedRegistry implements AutoCloseable {
    private final BlobCache cache;
    private final Optional<RegistryClient> client;

    private CachedRegistry(BlobCache cache, Optional<RegistryClient> client) {
        this.cache = cache;
        this.client = client;
    }

    /** Returns a registry behind a cache; it closes the client. */
    public static CachedRegistry of(BlobCache cache, RegistryClient client) {
        return new CachedRegistry(cache, Optional.of(client));
    }

    /** Returns what is in a cache. */
    public static CachedRegistry offline(BlobCache cache) {
        return new CachedRegistry(cache, Optional.empty());
    }

    /**
     * Asks which manifest an image's tag means, and notes it.
     *
     * @throws RegistryException if the registry does not say
     */
    public Digest resolve(ImageReference image) throws IOException {
        Digest found = client(image).resolve(image);
        if (image.digest().isEmpty()) {
            cache.remember(image, found);
        }
        return found;
    }

    /** Returns which manifest an image's tag meant when it was last asked for; the one that it is pinned to, if it is; empty if that is not known. */
    public Optional<Digest> remembered(ImageReference image) throws IOException {
        return image.digest().isPresent() ? image.digest() : cache.remembered(image);
    }

    /**
     * Returns a manifest.
     *
     * @throws RegistryException if it cannot be had
     */
    public byte[] manifest(ImageReference image, Digest digest) throws IOException {
        Optional<byte[]> kept = cache.read(digest, ImageManifest.LONGEST);
        if (kept.isPresent()) {
            return kept.get();
        }
        byte[] fetched = client(image).manifest(image, digest);
        cache.fill(digest, fetched.length, target -> target.write(fetched));
        return fetched;
    }

    /**
     * Returns a blob.
     *
     * @param longest octets that it may have
     * @throws RegistryException if it cannot be had, or is longer
     */
    public byte[] blob(ImageReference image, Descriptor blob, long longest) throws IOException {
        if (blob.size() > longest) {
            throw new RegistryException(
                    Reason.TOO_LARGE,
                    image + ": " + blob.mediaType() + " of " + blob.size() + " octets (expected: at most " + longest
                            + ")");
        }
        Optional<byte[]> kept = cache.read(blob.digest(), longest);
        if (kept.isPresent()) {
            return kept.get();
        }
        RegistryClient asked = client(image);
        cache.fill(blob.digest(), blob.size(), target -> asked.blob(image, blob, target));
        return cache.read(blob.digest(), longest)
                .orElseThrow(() -> new RegistryException(
                        Reason.NOT_CACHED, blob.digest() + ": gone from the cache as soon as it was there"));
    }

    private RegistryClient client(ImageReference image) throws RegistryException {
        return client.orElseThrow(() -> new RegistryException(
                Reason.NOT_CACHED, image + ": not in the cache (expected: there, for it is not to be pulled)"));
    }

    @Override
    public void close() {
        client.ifPresent(RegistryClient::close);
    }
}
