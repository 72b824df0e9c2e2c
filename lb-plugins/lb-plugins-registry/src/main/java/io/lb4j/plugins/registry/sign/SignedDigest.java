package io.lb4j.plugins.registry.sign;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.RegistryException;
import java.util.Optional;

/**
 * What is signed of an image: the payload that is known as simple signing, which cosign signs too. It says which manifest is meant, and for whom it was signed; the latter is for people.
 */
public final class SignedDigest {
    /** What a payload is among the layers of a manifest of signatures. */
    public static final String MEDIA_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";

    /** Where such a layer has its signature, in base64. */
    public static final String ANNOTATION = "dev.cosignproject.cosign/signature";

    static final int LONGEST = 64 * 1024;

    private static final String TYPE = "cosign container image signature";

    private SignedDigest() {}

    /** Returns what has to be signed. */
    public static byte[] payload(ImageReference image, Digest digest) {
        ObjectNode critical = Json.mapper().createObjectNode();
        critical.putObject("identity").put("docker-reference", image.host() + "/" + image.repository());
        critical.putObject("image").put("docker-manifest-digest", digest.toString());
        critical.put("type", TYPE);
        ObjectNode whole = Json.mapper().createObjectNode();
        whole.set("critical", critical);
        whole.putNull("optional");
        return Json.write(whole);
    }

    /**
     * Returns the manifest that a payload is about; empty if it is of another type.
     *
     * @throws RegistryException if it cannot be read
     */
    static Optional<String> subject(byte[] payload) throws RegistryException {
        JsonNode critical = Json.object(payload, "signature").path("critical");
        return Json.text(critical, "type").filter(TYPE::equals).isPresent()
                ? Json.text(critical.path("image"), "docker-manifest-digest")
                : Optional.empty();
    }

    /** Returns where the signatures of a manifest are: in its repository, under a tag that is made of its digest. */
    public static ImageReference place(ImageReference image, Digest digest) {
        return image.withTag("sha256-" + digest.hex() + ".sig");
    }
}
