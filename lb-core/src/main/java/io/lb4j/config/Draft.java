package io.lb4j.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A section that is being filled, by setters or from a file. Nothing is refused while it is filled; {@link #complete} checks
 * everything and reports all faults together. Confined to one thread.
 */
public final class Draft {
    private final Section section;
    private final Map<Option<?>, Raw> raws = new HashMap<>();
    private final Set<Option<?>> unreadable = new HashSet<>();
    private final Set<Option<?>> misspelled = new HashSet<>(); // what unknown keys resemble most

    /** Creates an empty draft. */
    public Draft(Section section) {
        this.section = section;
    }

    /** Creates a draft that begins with what is set in some settings, each value with its origin. */
    public static Draft of(Settings settings) {
        Draft draft = new Draft(settings.section());
        for (Option<?> option : settings.section().options()) {
            draft.copy(option, settings);
        }
        return draft;
    }

    private <T> void copy(Option<T> option, Settings settings) {
        if (settings.isSet(option)
                || settings.section().key().filter(key -> key == option).isPresent()) {
            settings.find(option).ifPresent(value -> set(option, value, settings.origin(option)));
        }
    }

    /** Returns the section. */
    public Section section() {
        return section;
    }

    /** Sets a value, in place of an earlier one. */
    public <T> void set(Option<T> option, T value, Origin origin) {
        put(option, option.type().raw(value, origin), origin);
    }

    /** Sets a value that is yet to be parsed, in place of an earlier one. */
    public void setText(Option<?> option, String text, Origin origin) {
        put(option, new Node.Scalar(text, origin), origin);
    }

    /** Adds an element to a list. */
    public <E> void add(Option<List<E>> option, E element, Origin origin) {
        OptionType<E> type = ((ListType<E>) option.type()).element();
        list(option, origin).add(new Raw(type.raw(element, origin), origin));
    }

    /** Adds an element that is yet to be parsed to a list. */
    public <E> void addText(Option<List<E>> option, String text, Origin origin) {
        list(option, origin).add(new Raw(new Node.Scalar(text, origin), origin));
    }

    /** Adds a section to a list of sections. */
    public void add(Option<List<Settings>> option, Draft element, Origin origin) {
        list(option, origin).add(new Raw(element, origin));
    }

    /** Adds an entry to a map, in place of an earlier one under the same key. */
    public <V> void put(Option<Map<String, V>> option, String key, V value, Origin origin) {
        map(option, origin).put(key, new Raw(value, origin));
    }

    /** Adds an entry whose value is yet to be parsed to a map, in place of an earlier one under the same key. */
    public void putText(Option<? extends Map<String, ?>> option, String key, String text, Origin origin) {
        map(option, origin).put(key, new Raw(new Node.Scalar(text, origin), origin));
    }

    /** Returns the draft of a nested section, a new one at the first call. */
    public Draft section(Option<Settings> option, Origin origin) {
        Raw known = raws.get(option);
        if (known != null) {
            return (Draft) known.value();
        }
        Draft nested = new Draft(((SectionType) option.type()).section());
        put(option, nested, origin);
        return nested;
    }

    /** Takes values over from a file; reports keys that are unknown or stand there twice, and values of the wrong shape. */
    public void read(Node.Entries entries, Scope scope) {
        for (Node.Entry entry : entries.entries()) {
            Scope place = scope.at(entry.key());
            Option<?> option = section.option(entry.key()).orElse(null);
            if (option == null) {
                Optional<String> nearest = NearestName.of(entry.key(), section.names());
                nearest.flatMap(section::option).ifPresent(misspelled::add);
                String expected = nearest.isPresent()
                        ? "a key of " + section.name()
                        : "one of " + String.join(", ", section.names());
                place.reportUnknown(Fault.Code.UNKNOWN_KEY, entry.key(), expected, section.names(), entry.origin());
            } else if (raws.containsKey(option) || unreadable.contains(option)) {
                place.report(Fault.Code.DUPLICATE, Text.quote(entry.key()), "each key once", entry.origin());
            } else {
                readValue(option, entry.value(), place);
            }
        }
    }

    private void readValue(Option<?> option, Node node, Scope place) {
        Object raw = option.type().read(node, place);
        if (raw == null) {
            unreadable.add(option);
        } else {
            put(option, raw, node.origin());
        }
    }

    /**
     * Checks everything and reports all faults.
     *
     * @return the settings; of use only if nothing was reported
     */
    public Settings complete(Scope scope) {
        Map<Option<?>, Object> values = new HashMap<>();
        Map<Option<?>, Origin> origins = new HashMap<>();
        Set<Option<?>> faulty = new HashSet<>(unreadable);
        for (Option<?> option : section.options()) {
            Raw raw = raws.get(option);
            if (raw == null) {
                option.defaultValue().ifPresent(value -> values.put(option, value));
                if (misspelled.contains(option)) {
                    faulty.add(option); // one mistake is one fault
                } else {
                    reportIfMissing(option, scope);
                }
                continue;
            }
            Object value = complete(option, raw, scope.at(option.name()));
            origins.put(option, raw.origin());
            if (value == null) {
                faulty.add(option);
            } else {
                values.put(option, value);
            }
        }
        Settings settings = new Settings(section, values, origins, faulty);
        section.rules().forEach(rule -> rule.check(settings, scope));
        return settings;
    }

    private void reportIfMissing(Option<?> option, Scope scope) {
        if (option.isRequired() && !unreadable.contains(option)) {
            String expected = option.type().expected();
            scope.at(option.name()).report(Fault.Code.MISSING, "missing", expected, Origin.byDefault());
        }
    }

    private static @Nullable Object complete(Option<?> option, Raw raw, Scope place) {
        if (!option.isSecret()) {
            return option.type().complete(raw.value(), raw.origin(), place);
        }
        Faults revealing = new Faults();
        Object value =
                option.type().complete(raw.value(), raw.origin(), new Scope(place.path(), revealing, place.parts()));
        for (Fault fault : revealing.all()) {
            place.report(fault.code(), "***", option.type().expected(), fault.origin());
        }
        return value;
    }

    /** Returns the text that an option was set to; empty if it was not set. */
    Optional<String> textOf(Option<String> option) {
        Raw raw = raws.get(option);
        if (raw == null) {
            return Optional.empty();
        }
        return Optional.of(raw.value() instanceof Node.Scalar scalar ? scalar.text() : (String) raw.value());
    }

    /** Returns where an option was set. */
    Origin originOf(Option<?> option) {
        Raw raw = raws.get(option);
        return raw == null ? Origin.byDefault() : raw.origin();
    }

    private void put(Option<?> option, Object raw, Origin origin) {
        if (section.option(option.name()).orElse(null) != option) {
            throw new IllegalArgumentException("option: " + option + " (expected: one of " + section.name() + ")");
        }
        raws.put(option, new Raw(raw, origin));
    }

    @SuppressWarnings("unchecked") // the raw form of a list is a list of these, and is the draft's own
    private List<Raw> list(Option<?> option, Origin origin) {
        if (!raws.containsKey(option)) {
            put(option, new ArrayList<Raw>(), origin);
        }
        return (List<Raw>) rawOf(option);
    }

    @SuppressWarnings("unchecked") // the raw form of a map is a map of these, and is the draft's own
    private Map<String, Raw> map(Option<?> option, Origin origin) {
        if (!raws.containsKey(option)) {
            put(option, new LinkedHashMap<String, Raw>(), origin);
        }
        return (Map<String, Raw>) rawOf(option);
    }

    private Object rawOf(Option<?> option) {
        return Objects.requireNonNull(raws.get(option)).value();
    }
}
