package io.lb4j.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The rule that of several options one is set, or one at the most. Immutable.
 *
 * @param alternatives the options
 * @param required whether one has to be set
 */
public record OneOf(List<Option<?>> alternatives, boolean required) implements Rule {
    /** Copies the list. */
    public OneOf {
        alternatives = List.copyOf(alternatives);
    }

    @Override
    public void check(Settings settings, Scope scope) {
        List<Option<?>> set = alternatives.stream().filter(settings::isSet).toList();
        String expected = (required ? "exactly one of " : "at most one of ") + names(alternatives);
        if (set.size() > 1) {
            scope.report(Fault.Code.CONFLICT, names(set), expected, settings.origin(set.get(1)));
        }
        if (set.isEmpty() && required) {
            scope.report(Fault.Code.MISSING, "missing", expected, Origin.byDefault());
        }
    }

    private static String names(List<Option<?>> options) {
        return options.stream().map(Option::name).collect(Collectors.joining(", "));
    }
}
