package io.lb4j.plugins.registry.sign;

import io.lb4j.plugins.registry.oci.CachedRegistry;
import io.lb4j.plugins.registry.oci.Descriptor;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageManifest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lets through only what one of some publishers has signed. Whatever cannot be verified is refused. Immutable.
 *
 * @param keys of the publishers that are trusted; without any, nobody's signature is asked for
 * @param revoked manifests that are refused, whoever has signed them
 */
public record PublisherCheck(List<TrustedKey> keys, Set<Digest> revoked) {
    private static final int MOST_SIGNATURES = 64;

    /** Copies the lists. */
    public PublisherCheck {
        keys = List.copyOf(keys);
        revoked = Set.copyOf(revoked);
    }

    /**
     * Checks an image.
     *
     * @param digest of its manifest, or of the index that names it
     * @return the name of a key whose owner has signed it; empty if none is asked for
     * @throws RegistryException if it is revoked, or nobody who is trusted has signed it, or that cannot be found out
     */
    public Optional<String> require(CachedRegistry registry, ImageReference image, Digest digest) throws IOException {
        if (revoked.contains(digest)) {
            throw new RegistryException(Reason.REVOKED, image + ": " + digest + " (expected: one that is not revoked)");
        }
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        ImageReference place = SignedDigest.place(image, digest);
        Optional<Digest> remembered = registry.remembered(place);
        if (remembered.isPresent()) {
            Optional<String> known = signer(registry, place, remembered.get(), digest);
            if (known.isPresent()) {
                return known;
            }
        }
        Optional<String> signer = signer(registry, place, signatures(registry, place, image, digest), digest);
        if (signer.isEmpty()) {
            throw new RegistryException(
                    Reason.WRONG_SIGNATURE, image + ": " + digest + " (expected: signed by one of " + keys + ")");
        }
        return signer;
    }

    private Digest signatures(CachedRegistry registry, ImageReference place, ImageReference image, Digest digest)
            throws IOException {
        try {
            return registry.resolve(place);
        } catch (RegistryException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                throw new RegistryException(
                        Reason.UNSIGNED, image + ": " + digest + " (expected: signed by one of " + keys + ")", e);
            }
            throw e;
        }
    }

    private Optional<String> signer(CachedRegistry registry, ImageReference place, Digest signatures, Digest digest)
            throws IOException {
        ImageManifest manifest = ImageManifest.parse(registry.manifest(place, signatures));
        List<Descriptor> layers = manifest.layers().stream()
                .filter(layer -> layer.mediaType().equals(SignedDigest.MEDIA_TYPE))
                .limit(MOST_SIGNATURES)
                .toList();
        for (Descriptor layer : layers) {
            Optional<byte[]> signature = decoded(layer.annotations().getOrDefault(SignedDigest.ANNOTATION, ""));
            if (signature.isPresent()) {
                byte[] payload = registry.blob(place, layer, SignedDigest.LONGEST);
                Optional<String> signer = keys.stream()
                        .filter(key -> key.hasSigned(payload, signature.get()))
                        .map(TrustedKey::name)
                        .findFirst();
                if (signer.isPresent() && SignedDigest.subject(payload).equals(Optional.of(digest.toString()))) {
                    return signer;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<byte[]> decoded(String text) {
        try {
            return text.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // whoever wrote it has not signed
        }
    }
}
