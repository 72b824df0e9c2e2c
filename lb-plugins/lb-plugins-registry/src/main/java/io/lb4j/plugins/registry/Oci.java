package io.lb4j.plugins.registry;

import io.lb4j.config.Part;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.function.Consumer;

/** Modules in OCI registries, for {@code Wasm.plugin(wasm -> wasm.source(Oci.image("oci://host/name:tag")))}. */
public final class Oci {
    private Oci() {}

    /**
     * Returns the module of an image.
     *
     * @throws io.lb4j.config.ConfigurationException if that is none
     */
    public static Part image(String reference) {
        return source(oci -> oci.image(reference));
    }

    /**
     * Returns the module of an image.
     *
     * @throws io.lb4j.config.ConfigurationException with all that is wrong with the description
     */
    public static Part source(Consumer<? super OciBuilder> description) {
        return PartBuilder.part(new OciFactory(), new OciBuilder(), description);
    }
}
