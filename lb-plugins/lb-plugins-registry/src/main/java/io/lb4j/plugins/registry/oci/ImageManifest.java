package io.lb4j.plugins.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A manifest: of an image with its layers, or of several images, of OCI's kind or of Docker's (version 2, schema 2). Immutable.
 *
 * @param config of an image
 * @param layers of an image
 * @param images of an index
 */
public record ImageManifest(Optional<Descriptor> config, List<Descriptor> layers, List<Descriptor> images) {
    /** The kinds that are read, for {@code Accept}. */
    static final String KINDS =
            "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, "
                    + "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json";

    /** Octets that a manifest may have: what registries bound them to. */
    static final long LONGEST = 4 << 20;

    private static final int MOST_ENTRIES = 256;

    /** Copies the lists. */
    public ImageManifest {
        layers = List.copyOf(layers);
        images = List.copyOf(images);
    }

    /** Returns whether it names images instead of being one. */
    public boolean isIndex() {
        return config.isEmpty();
    }

    /**
     * Reads a manifest.
     *
     * @throws RegistryException if it is none of these kinds
     */
    public static ImageManifest parse(byte[] octets) throws RegistryException {
        JsonNode node = Json.object(octets, "manifest");
        if (node.path("schemaVersion").asInt() != 2) {
            throw new RegistryException(
                    Reason.MALFORMED, "manifest: schemaVersion " + node.path("schemaVersion") + " (expected: 2)");
        }
        boolean isIndex = node.has("manifests");
        if (isIndex == node.has("layers")) {
            throw new RegistryException(Reason.MALFORMED, "manifest: (expected: either layers or manifests)");
        }
        return isIndex
                ? new ImageManifest(Optional.empty(), List.of(), entries(node.get("manifests")))
                : new ImageManifest(
                        Optional.of(Descriptor.parse(node.path("config"))), entries(node.get("layers")), List.of());
    }

    private static List<Descriptor> entries(JsonNode list) throws RegistryException {
        if (list == null || !list.isArray() || list.size() > MOST_ENTRIES) {
            throw new RegistryException(
                    Reason.MALFORMED, "manifest: (expected: a list of at most " + MOST_ENTRIES + " entries)");
        }
        List<Descriptor> entries = new ArrayList<>();
        for (JsonNode each : list) {
            entries.add(Descriptor.parse(each));
        }
        return entries;
    }

    /**
     * Chooses of an index the image that holds a module: the one for WebAssembly; or else, if it is the only one, that for no machine in particular; or else that for {@code amd64}, as
     * tools do that know of machines only.
     *
     * @throws RegistryException if there is none
     */
    Descriptor image() throws RegistryException {
        List<Descriptor> wasm = images.stream()
                .filter(each -> each.architecture().startsWith("wasm"))
                .toList();
        List<Descriptor> plain =
                images.stream().filter(each -> each.architecture().isEmpty()).toList();
        if (!wasm.isEmpty()) {
            return wasm.get(0);
        }
        if (plain.size() == 1) {
            return plain.get(0);
        }
        return images.stream()
                .filter(each -> each.architecture().equals("amd64"))
                .findFirst()
                .orElseThrow(() -> new RegistryException(
                        Reason.NO_MODULE,
                        "index: images for "
                                + images.stream().map(Descriptor::architecture).toList()
                                + " (expected: one for wasm)"));
    }
}
