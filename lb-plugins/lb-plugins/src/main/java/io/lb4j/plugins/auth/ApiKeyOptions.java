package io.lb4j.plugins.auth;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.kit.IdentityField;
import java.util.Map;
import java.util.Set;

/** What can be configured of API keys. */
final class ApiKeyOptions {
    private static final String KEY = "a key of 16 to 1024 visible characters, or sha256: and 64 hexadecimal digits";

    static final Option<Map<String, KeyDigest>> KEYS = Option.of(
                    "keys",
                    OptionTypes.map(
                            "the clients' names",
                            OptionTypes.text(KeyDigest.class, KEY, KeyDigest::of, KeyDigest::toString)),
                    "Each client's key, or the SHA-256 of it; a key belongs to one client.")
            .required()
            .secret()
            .build();

    static final Option<String> FIELD = Option.of(
                    "field",
                    ModelTypes.fieldName(),
                    "Field that the key comes in; in authorization it follows the word Bearer.")
            .defaultsTo("x-api-key")
            .build();

    static final Option<String> QUERY = Option.of(
                    "query", OptionTypes.name(), "Parameter of the query that the key may come in instead.")
            .absentMeans("it comes in the field only, for queries end up in logs")
            .build();

    static final Option<Boolean> FORWARD = Option.of("forward", OptionTypes.bool(), "Whether endpoints see the key.")
            .defaultsTo(false)
            .build();

    static final Section SECTION = Section.of("api_key", "Lets in whoever has a key.")
            .options(KEYS, FIELD, QUERY, FORWARD, AuthOptions.REQUIRED, IdentityField.OPTION)
            .rule(ApiKeyOptions::requireClients)
            .build();

    private ApiKeyOptions() {}

    private static void requireClients(Settings settings, Scope scope) {
        Map<String, KeyDigest> keys = settings.find(KEYS).orElse(Map.of());
        if (keys.isEmpty() && settings.isSet(KEYS) && !settings.isFaulty(KEYS)) {
            scope.at(KEYS.name()).report(Fault.Code.INVALID, "none", "at least one", settings.origin(KEYS));
        }
        AuthOptions.requireNames(KEYS, keys.keySet(), settings, scope);
        if (Set.copyOf(keys.values()).size() < keys.size()) {
            scope.at(KEYS.name())
                    .report(Fault.Code.DUPLICATE, "***", "for each client a key of its own", settings.origin(KEYS));
        }
    }
}
