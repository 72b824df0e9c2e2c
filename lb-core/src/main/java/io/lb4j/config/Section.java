package io.lb4j.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group of options: a listener, its limits, a route. Schema, documentation and checks walk from the root section through the types of
 * its options. Immutable.
 */
public final class Section {
    private final String name;
    private final String doc;
    private final Map<String, Option<?>> options;
    private final List<Rule> rules;
    private final Optional<Option<String>> key;
    private final Optional<Shorthand> shorthand;

    private Section(Builder builder) {
        this.name = builder.name;
        this.doc = builder.doc;
        this.options = Collections.unmodifiableMap(new LinkedHashMap<>(builder.options));
        this.rules = List.copyOf(builder.rules);
        this.key = Optional.ofNullable(builder.key);
        this.shorthand = Optional.ofNullable(builder.shorthand);
    }

    /**
     * Begins the declaration of a section.
     *
     * @param name what one is called: {@code listener}
     * @param doc one sentence for the documentation and the schema
     */
    public static Builder of(String name, String doc) {
        return new Builder(name, doc);
    }

    /** Returns what one is called. */
    public String name() {
        return name;
    }

    /** Returns the sentence that documents it. */
    public String doc() {
        return doc;
    }

    /** Returns the options in the order of their declaration. */
    public List<Option<?>> options() {
        return List.copyOf(options.values());
    }

    /** Returns the option of this name. */
    public Optional<Option<?>> option(String optionName) {
        return Optional.ofNullable(options.get(optionName));
    }

    /** Returns the names of the options in the order of their declaration. */
    public Set<String> names() {
        return options.keySet();
    }

    /** Returns what is checked beyond each option for itself. */
    public List<Rule> rules() {
        return rules;
    }

    /** Returns the option that names each of several sections. */
    public Optional<Option<String>> key() {
        return key;
    }

    /** Returns the short form. */
    public Optional<Shorthand> shorthand() {
        return shorthand;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Declares a section. */
    public static final class Builder {
        private final String name;
        private final String doc;
        private final Map<String, Option<?>> options = new LinkedHashMap<>();
        private final List<Rule> rules = new ArrayList<>();
        private @Nullable Option<String> key;
        private @Nullable Shorthand shorthand;

        private Builder(String name, String doc) {
            this.name = name;
            this.doc = doc;
        }

        /**
         * Adds options.
         *
         * @throws IllegalStateException if there is one of the same name
         */
        public Builder options(Option<?>... more) {
            for (Option<?> option : more) {
                if (options.putIfAbsent(option.name(), option) != null) {
                    throw new IllegalStateException("option " + option + " of " + name + ": declared twice");
                }
            }
            return this;
        }

        /** Adds the option that names each of several sections of this kind. Without it: they have numbers. */
        public Builder namedBy(Option<String> option) {
            key = option;
            return options(option);
        }

        /** Sets the short form. Without it: none. */
        public Builder shorthand(Shorthand form) {
            shorthand = form;
            return this;
        }

        /** Adds a check beyond each option for itself. */
        public Builder rule(Rule rule) {
            rules.add(rule);
            return this;
        }

        /** Adds the rule that exactly one of some options is set. */
        public Builder exactlyOneOf(Option<?>... alternatives) {
            return rule(new OneOf(Arrays.asList(alternatives), true));
        }

        /** Adds the rule that one of some options is set at the most. */
        public Builder atMostOneOf(Option<?>... alternatives) {
            return rule(new OneOf(Arrays.asList(alternatives), false));
        }

        /** Ends the declaration. */
        public Section build() {
            return new Section(this);
        }
    }
}
