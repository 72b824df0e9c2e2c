package io.lb4j.plugins.jwt;

import io.lb4j.config.Part;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.function.Consumer;

/** Lets in whoever has a JSON Web Token. */
public final class Jwt {
    private Jwt() {}

    /**
     * Returns the plugin.
     *
     * @throws io.lb4j.config.ConfigurationException with all that is wrong with the description
     */
    public static Part plugin(Consumer<? super JwtBuilder> description) {
        return PartBuilder.part(new JwtFactory(), new JwtBuilder(), description);
    }
}
