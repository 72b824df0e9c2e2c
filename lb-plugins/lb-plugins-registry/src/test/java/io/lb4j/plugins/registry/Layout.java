package io.lb4j.plugins.registry;

import java.nio.charset.StandardCharsets;

/** The layouts of images that are in use for modules. */
public enum Layout {
    /** The CNCF's: the layer is the module. */
    CNCF("application/vnd.oci.image.manifest.v1+json", "application/vnd.wasm.config.v0+json", "application/wasm"),
    /** An older one of the same kind, with a layer for the configuration beside it. */
    CONTENT_LAYER(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.module.wasm.content.layer.v1+wasm"),
    /** A container's image, by OCI's names. */
    OCI_ARCHIVE(
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.oci.image.config.v1+json",
            "application/vnd.oci.image.layer.v1.tar+gzip"),
    /** A container's image, by Docker's names. */
    DOCKER(
            "application/vnd.docker.distribution.manifest.v2+json",
            "application/vnd.docker.container.image.v1+json",
            "application/vnd.docker.image.rootfs.diff.tar.gzip");

    private final String manifestType;
    private final String configType;
    private final String layerType;

    Layout(String manifestType, String configType, String layerType) {
        this.manifestType = manifestType;
        this.configType = configType;
        this.layerType = layerType;
    }

    String manifestType() {
        return manifestType;
    }

    /** Returns the layer that holds a module. */
    byte[] layer(byte[] module) {
        return layerType.contains("tar") ? Tar.ofModule(module) : module;
    }

    /** Returns what stands beside it. */
    byte[] beside() {
        return "{\"name\":\"test\"}".getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a manifest of blobs, given as descriptors without their types. */
    String manifest(String config, String beside, String layer) {
        String other = switch (this) {
            case CNCF -> "";
            case CONTENT_LAYER -> entry("application/vnd.module.wasm.config.v1+json", beside) + ",";
            case OCI_ARCHIVE, DOCKER -> entry(layerType, beside) + ",";
        };
        return "{\"schemaVersion\":2,\"mediaType\":\"" + manifestType + "\",\"config\":" + entry(configType, config)
                + ",\"layers\":[" + other + entry(layerType, layer) + "]}";
    }

    private static String entry(String type, String blob) {
        return "{\"mediaType\":\"" + type + "\"," + blob + "}";
    }
}
