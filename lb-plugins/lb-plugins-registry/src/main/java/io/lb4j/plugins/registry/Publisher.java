package io.lb4j.plugins.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lb4j.plugins.registry.manifest.PluginManifest;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.Json;
import io.lb4j.plugins.registry.oci.ModuleImage;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import io.lb4j.plugins.registry.sign.SignedDigest;
import io.lb4j.plugins.registry.sign.SigningKey;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** Puts plugins into registries, in the CNCF's layout, and signatures beside them. Its methods block. Thread-safe, but for two that sign the same image at once. */
public final class Publisher {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    private static final String WASM_CONFIG = "application/vnd.wasm.config.v0+json";

    private final RegistryClient client;

    /**
     * Creates a publisher.
     *
     * @param client not closed by this
     */
    public Publisher(RegistryClient client) {
        this.client = client;
    }

    /**
     * Publishes a module. The same module makes the same image.
     *
     * @param image with a tag
     * @return the digest of its manifest
     * @throws RegistryException if the registry does not take it
     */
    public Digest push(ImageReference image, byte[] module) throws IOException {
        return push(image, module, Optional.empty());
    }

    /**
     * Publishes a module with what is to be said of it.
     *
     * @param image with a tag
     * @param manifest in JSON, as {@link PluginManifest} reads it
     * @return the digest of the image's manifest
     * @throws RegistryException if the registry does not take it, or the manifest cannot be read
     */
    public Digest push(ImageReference image, byte[] module, byte[] manifest) throws IOException {
        PluginManifest.parse(manifest);
        return push(image, module, Optional.of(manifest));
    }

    private Digest push(ImageReference image, byte[] module, Optional<byte[]> said) throws IOException {
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("architecture", "wasm").put("os", "wasip1");
        config.putArray("layerDigests").add(Digest.of(module).toString());
        ObjectNode manifest = manifest(image, WASM_CONFIG, Json.write(config));
        layer(image, manifest, ModuleImage.WASM_LAYER, module);
        if (said.isPresent()) {
            layer(image, manifest, PluginManifest.MEDIA_TYPE, said.get());
        }
        return client.push(image, MANIFEST, Json.write(manifest));
    }

    /**
     * Signs an image, beside those who have signed it before.
     *
     * @param digest of its manifest
     * @throws RegistryException if the registry does not take the signature
     */
    public void sign(ImageReference image, Digest digest, SigningKey key) throws IOException {
        ImageReference place = SignedDigest.place(image, digest);
        byte[] payload = SignedDigest.payload(image, digest);
        ArrayNode before = signatures(place);
        ObjectNode config = Json.mapper().createObjectNode();
        config.put("architecture", "").put("os", "").putObject("config");
        ArrayNode layers = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        before.forEach(each -> layers.add(each.path("digest").asText()));
        layers.add(Digest.of(payload).toString());
        ObjectNode manifest = manifest(place, CONFIG, Json.write(config));
        ((ArrayNode) manifest.get("layers")).addAll(before);
        layer(place, manifest, SignedDigest.MEDIA_TYPE, payload)
                .putObject("annotations")
                .put(SignedDigest.ANNOTATION, Base64.getEncoder().encodeToString(key.sign(payload)));
        client.push(place, MANIFEST, Json.write(manifest));
    }

    private ArrayNode signatures(ImageReference place) throws IOException {
        try {
            JsonNode layers = Json.object(client.manifest(place, client.resolve(place)), "signatures")
                    .path("layers");
            return layers instanceof ArrayNode known ? known : Json.mapper().createArrayNode();
        } catch (RegistryException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Json.mapper().createArrayNode(); // nobody has signed it yet
            }
            throw e;
        }
    }

    private ObjectNode manifest(ImageReference image, String configType, byte[] config) throws IOException {
        ObjectNode manifest = Json.mapper().createObjectNode();
        manifest.put("schemaVersion", 2).put("mediaType", MANIFEST);
        manifest.set("config", descriptor(image, configType, config));
        manifest.putArray("layers");
        return manifest;
    }

    /** Adds a layer, and returns its descriptor. */
    private ObjectNode layer(ImageReference image, ObjectNode manifest, String type, byte[] octets) throws IOException {
        ObjectNode layer = descriptor(image, type, octets);
        ((ArrayNode) manifest.get("layers")).add(layer);
        return layer;
    }

    private ObjectNode descriptor(ImageReference image, String type, byte[] octets) throws IOException {
        client.push(image, octets);
        return Json.mapper()
                .createObjectNode()
                .put("mediaType", type)
                .put("digest", Digest.of(octets).toString())
                .put("size", octets.length);
    }
}
