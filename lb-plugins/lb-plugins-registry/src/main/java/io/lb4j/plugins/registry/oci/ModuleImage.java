package io.lb4j.plugins.registry.oci;

import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An image that holds a module, in one of the layouts that are in use: a layer that is the module ({@code application/wasm}, and two older names of it), or, as containers have it, an
 * archive as the last layer with a file {@code plugin.wasm}, by OCI's names or by Docker's. Immutable.
 */
public final class ModuleImage {
    /** The module as a layer, as the CNCF's layout has it. */
    public static final String WASM_LAYER = "application/wasm";

    private static final Set<String> MODULES = Set.of(
            WASM_LAYER,
            "application/vnd.wasm.content.layer.v1+wasm",
            "application/vnd.module.wasm.content.layer.v1+wasm");
    private static final Set<String> ARCHIVES = Set.of(
            "application/vnd.oci.image.layer.v1.tar",
            "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.diff.tar",
            "application/vnd.docker.image.rootfs.diff.tar.gzip");

    private final ImageManifest manifest;
    private final byte[] module;

    private ModuleImage(ImageManifest manifest, byte[] module) {
        this.manifest = manifest;
        this.module = module;
    }

    /** Returns the manifest of the image itself, chosen from an index where there is one. */
    public ImageManifest manifest() {
        return manifest;
    }

    /** Returns the octets of the module; to be read only. */
    public byte[] module() {
        return module;
    }

    /**
     * Reads an image.
     *
     * @param digest of its manifest, or of an index that names it
     * @param longest octets that the module may have
     * @throws RegistryException if it cannot be had, or holds no module
     */
    public static ModuleImage read(CachedRegistry registry, ImageReference image, Digest digest, long longest)
            throws IOException {
        ImageManifest manifest = ImageManifest.parse(registry.manifest(image, digest));
        if (manifest.isIndex()) {
            Descriptor chosen = manifest.image();
            manifest = ImageManifest.parse(registry.manifest(image, chosen.digest()));
            if (manifest.isIndex()) {
                throw new RegistryException(Reason.MALFORMED, image + ": an index in an index (expected: an image)");
            }
        }
        return new ModuleImage(manifest, module(registry, image, manifest, longest));
    }

    /**
     * Returns a layer beside the module.
     *
     * @param mediaType of the layer
     * @param longest octets that it may have
     * @return empty if there is none
     * @throws RegistryException if it cannot be had, or is longer
     */
    public Optional<byte[]> beside(CachedRegistry registry, ImageReference image, String mediaType, long longest)
            throws IOException {
        Optional<Descriptor> layer = manifest.layers().stream()
                .filter(each -> each.mediaType().equals(mediaType))
                .findFirst();
        return layer.isPresent() ? Optional.of(registry.blob(image, layer.get(), longest)) : Optional.empty();
    }

    private static byte[] module(CachedRegistry registry, ImageReference image, ImageManifest manifest, long longest)
            throws IOException {
        List<Descriptor> modules = manifest.layers().stream()
                .filter(layer -> MODULES.contains(layer.mediaType()))
                .toList();
        if (modules.size() == 1) {
            return registry.blob(image, modules.get(0), longest);
        }
        List<Descriptor> layers = manifest.layers();
        if (modules.isEmpty() && !layers.isEmpty()) {
            Descriptor last = layers.get(layers.size() - 1);
            if (ARCHIVES.contains(last.mediaType())) {
                return ModuleTar.find(registry.blob(image, last, longest), longest)
                        .orElseThrow(() -> new RegistryException(
                                Reason.NO_MODULE, image + ": no " + ModuleTar.NAME + " in its last layer"));
            }
        }
        throw new RegistryException(
                Reason.NO_MODULE,
                image + ": layers " + layers.stream().map(Descriptor::mediaType).toList() + " (expected: one of "
                        + WASM_LAYER + ", or an archive as the last one)");
    }
}
