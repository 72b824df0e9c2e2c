package io.lb4j.plugins.head;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.model.DirectResponse;
import io.lb4j.model.ModelTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What is done to the fields of a head: some go, then some are set, added, or set where there is none. Immutable. */
final class FieldEdits {
    static final Option<List<String>> REMOVE = Option.of(
                    "remove", OptionTypes.list(ModelTypes.fieldName()), "Fields that go; this is done first.")
            .defaultsTo(List.of())
            .build();

    static final Option<Map<String, String>> SET =
            values("set", "Fields that take the place of those of their name.").build();

    static final Option<Map<String, String>> SECRET = values(
                    "set_secret", "Fields that are set likewise, whose values are not shown.")
            .secret()
            .build();

    static final Option<Map<String, String>> ADD =
            values("add", "Fields that come beside those of their name.").build();

    static final Option<Map<String, String>> DEFAULT = values(
                    "default", "Fields that come where there is none of their name.")
            .build();

    static final Section SECTION = Section.of("fields", "What is done to the fields of a head.")
            .options(REMOVE, SET, SECRET, ADD, DEFAULT)
            .rule((settings, scope) ->
                    List.of(SET, SECRET, ADD, DEFAULT).forEach(option -> requireOrdinary(option, settings, scope)))
            .rule(FieldEdits::requireKept)
            .build();

    private record Edit(FieldName name, String value) {}

    private final List<FieldName> removed = new ArrayList<>();
    private final List<Edit> set = new ArrayList<>();
    private final List<Edit> added = new ArrayList<>();
    private final List<Edit> defaults = new ArrayList<>();

    FieldEdits(Settings settings) {
        settings.value(REMOVE).forEach(name -> removed.add(FieldName.of(name)));
        fill(set, settings.value(SET));
        fill(set, settings.value(SECRET));
        fill(added, settings.value(ADD));
        fill(defaults, settings.value(DEFAULT));
    }

    private static void fill(List<Edit> edits, Map<String, String> values) {
        values.forEach((name, value) -> edits.add(new Edit(FieldName.of(name), value)));
    }

    private static Option.Builder<Map<String, String>> values(String name, String doc) {
        return Option.of(name, OptionTypes.map("field names", ModelTypes.fieldValue()), doc)
                .defaultsTo(Map.of());
    }

    private static void requireOrdinary(Option<Map<String, String>> option, Settings settings, Scope scope) {
        for (String name : settings.find(option).orElse(Map.of()).keySet()) {
            if (!DirectResponse.isOrdinary(name) || name.equalsIgnoreCase(FieldName.HOST.toString())) {
                String expected = "a field name that neither frames the message nor says where it goes";
                scope.at(option.name()).at(name).report(Fault.Code.INVALID, name, expected, settings.origin(option));
            }
        }
    }

    /** The length of a body that stays is not a plugin's to take away. */
    private static void requireKept(Settings settings, Scope scope) {
        for (String name : settings.find(REMOVE).orElse(List.of())) {
            if (!DirectResponse.isOrdinary(name)) {
                String expected = "field names that do not frame the message";
                scope.at(REMOVE.name()).report(Fault.Code.INVALID, name, expected, settings.origin(REMOVE));
            }
        }
    }

    boolean isEmpty() {
        return removed.isEmpty() && set.isEmpty() && added.isEmpty() && defaults.isEmpty();
    }

    void apply(Fields fields) {
        for (FieldName name : removed) {
            fields.remove(name);
        }
        for (Edit edit : set) {
            fields.set(edit.name, edit.value);
        }
        for (Edit edit : added) {
            fields.add(edit.name, edit.value);
        }
        for (Edit edit : defaults) {
            if (!fields.contains(edit.name)) {
                fields.add(edit.name, edit.value);
            }
        }
    }
}
