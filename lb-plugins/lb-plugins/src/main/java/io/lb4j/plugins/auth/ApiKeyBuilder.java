package io.lb4j.plugins.auth;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.PartBuilder;

/** Describes who has which key. */
public final class ApiKeyBuilder extends PartBuilder<ApiKeyBuilder> {
    /** Begins with nobody. */
    public ApiKeyBuilder() {
        super(new Draft(ApiKeyOptions.SECTION));
    }

    @Override
    protected ApiKeyBuilder self() {
        return this;
    }

    /**
     * Adds a client. Default: none.
     *
     * @param name what endpoints are told
     * @param key 16 visible characters at least, or {@code sha256:} and the digest of the key in hexadecimal digits
     */
    public ApiKeyBuilder client(String name, String key) {
        return putText(ApiKeyOptions.KEYS, name, key, "client");
    }

    /** Sets the field that keys come in. Default: {@code x-api-key}. */
    public ApiKeyBuilder field(String name) {
        return setText(ApiKeyOptions.FIELD, name, "field");
    }

    /** Lets keys come in the query too. Default: they do not, for queries end up in logs. */
    public ApiKeyBuilder query(String parameter) {
        return set(ApiKeyOptions.QUERY, parameter, "query");
    }

    /** Sets whether endpoints see the key. Default: they do not. */
    public ApiKeyBuilder forward(boolean forward) {
        return set(ApiKeyOptions.FORWARD, forward, "forward");
    }

    /** Lets requests without a key go on, without an identity. Default: they are refused. */
    public ApiKeyBuilder optional() {
        return set(AuthOptions.REQUIRED, false, "optional");
    }

    /** Sets the field that tells endpoints who the client is. Default: {@code x-authenticated-user}. */
    public ApiKeyBuilder identityField(String name) {
        return setText(IdentityField.OPTION, name, "identityField");
    }
}
