package io.lb4j.config;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The one declaration of a thing that can be configured. Immutable; two options are the same only if they are the same object.
 *
 * @param <T> the values' type
 */
public final class Option<T> {
    /** The version that first had an option which names no other. */
    public static final String FIRST_VERSION = "0.1";

    private final String name;
    private final OptionType<T> type;
    private final Optional<T> defaultValue;
    private final boolean required;
    private final boolean secret;
    private final String absent;
    private final String doc;
    private final String since;

    private Option(Builder<T> builder) {
        this.name = builder.name;
        this.type = builder.type;
        this.defaultValue = builder.defaultValue;
        this.required = builder.required;
        this.secret = builder.secret;
        this.absent = builder.absent;
        this.doc = builder.doc;
        this.since = builder.since;
    }

    /**
     * Begins the declaration of an option that is neither required nor has a default.
     *
     * @param name the key, in lower case with underscores
     * @param doc one sentence for the documentation and the schema
     */
    public static <T> Builder<T> of(String name, OptionType<T> type, String doc) {
        return new Builder<>(name, type, doc);
    }

    /** Returns the key, in lower case with underscores. */
    public String name() {
        return name;
    }

    /** Returns what values look like. */
    public OptionType<T> type() {
        return type;
    }

    /** Returns the value of an option that nobody has set. */
    public Optional<T> defaultValue() {
        return defaultValue;
    }

    /** Returns whether it must be set. */
    public boolean isRequired() {
        return required;
    }

    /** Returns whether the value is kept out of messages and out of what is rendered. */
    public boolean isSecret() {
        return secret;
    }

    /** Returns what holds while the option is not set and has no default; empty where the documentation says enough. */
    public String whenAbsent() {
        return absent;
    }

    /** Returns the sentence that documents it. */
    public String doc() {
        return doc;
    }

    /** Returns the first version that has it. */
    public String since() {
        return since;
    }

    /** Returns the value as text, number, boolean, list or map; a secret as what masks it. */
    Object render(T value, UnaryOperator<Object> mask) {
        return secret ? mask.apply(value) : type.render(value, mask);
    }

    @Override
    public String toString() {
        return name;
    }

    /**
     * Declares an option.
     *
     * @param <T> the values' type
     */
    public static final class Builder<T> {
        private final String name;
        private final OptionType<T> type;
        private final String doc;
        private Optional<T> defaultValue = Optional.empty();
        private boolean required;
        private boolean secret;
        private String absent = "";
        private String since = FIRST_VERSION;

        private Builder(String name, OptionType<T> type, String doc) {
            this.name = name;
            this.type = type;
            this.doc = doc;
        }

        /** Sets what the value is while nobody has set it. Without it: none. */
        public Builder<T> defaultsTo(T value) {
            defaultValue = Optional.of(value);
            return this;
        }

        /** Says what holds while the option is not set, for an option without a default. Without it: nothing. */
        public Builder<T> absentMeans(String meaning) {
            absent = meaning;
            return this;
        }

        /** Makes it an option that must be set. Without it: it need not. */
        public Builder<T> required() {
            required = true;
            return this;
        }

        /** Keeps the value out of messages and out of what is rendered. Without it: it is shown. */
        public Builder<T> secret() {
            secret = true;
            return this;
        }

        /** Sets the first version that has it. Without it: {@link #FIRST_VERSION}. */
        public Builder<T> since(String version) {
            since = version;
            return this;
        }

        /**
         * Ends the declaration.
         *
         * @throws IllegalStateException if the option is required and has a default, or its name is not in snake case
         */
        public Option<T> build() {
            if (required && defaultValue.isPresent()) {
                throw new IllegalStateException("option " + name + ": required with a default (expected: one of them)");
            }
            if (!name.matches("[a-z][a-z0-9_]*")) {
                throw new IllegalStateException("option name: \"" + name + "\" (expected: snake_case)");
            }
            return new Option<>(this);
        }
    }
}
