package io.lb4j.plugins.auth;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import java.util.Set;

/** What the plugins that ask for credentials have in common. */
final class AuthOptions {
    static final Option<Boolean> REQUIRED = Option.of(
                    "required",
                    OptionTypes.bool(),
                    "Whether requests without credentials are refused; if not they go on, without an identity, to the next plugin.")
            .defaultsTo(true)
            .build();

    private AuthOptions() {}

    /** The names of clients go into a field. */
    static void requireNames(Option<?> option, Set<String> names, Settings settings, Scope scope) {
        for (String name : names) {
            if (!isFieldValue(name)) {
                scope.at(option.name())
                        .report(Fault.Code.INVALID, "a name", "visible characters", settings.origin(option));
            }
        }
    }

    static boolean isFieldValue(String text) {
        try {
            new Fields().add(FieldName.VIA, text);
            return !text.isBlank();
        } catch (IllegalArgumentException e) {
            // It holds what no field may: the caller reports it.
            return false;
        }
    }
}
