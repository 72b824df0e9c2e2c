package io.lb4j.server.config;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.Map;

/** What is logged, and how it is written. Immutable; equal if the settings are. */
public final class LoggingOptions {
    /** How much is logged: messages of the level and of those before it. */
    public enum Level {
        /** Nothing. */
        OFF,
        /** What somebody has to look at. */
        ERROR,
        /** What somebody should look at. */
        WARN,
        /** What happens: starts, changes, ends. */
        INFO,
        /** What is of use to find a mistake. */
        DEBUG,
        /** Everything. */
        TRACE
    }

    /** How a message is written. */
    public enum Format {
        /** For people on a terminal, as JSON everywhere else. */
        AUTO,
        /** One object a line. */
        JSON,
        /** For people. */
        TEXT
    }

    /** The format. */
    public static final Option<Format> FORMAT = Option.of(
                    "format",
                    OptionTypes.oneOf(Format.class),
                    "How messages are written: text for people, json for machines; auto: text on a terminal, json elsewhere.")
            .defaultsTo(Format.AUTO)
            .build();

    /** The level. */
    public static final Option<Level> LEVEL = Option.of("level", OptionTypes.oneOf(Level.class), "How much is logged.")
            .defaultsTo(Level.INFO)
            .build();

    /** The levels of single loggers. */
    public static final Option<Map<String, Level>> LEVELS = Option.of(
                    "levels",
                    OptionTypes.map("names of loggers", OptionTypes.oneOf(Level.class)),
                    "How much single loggers log, and those below them: io.lb4j.acme: debug.")
            .defaultsTo(Map.of())
            .build();

    /** The options. */
    public static final Section SECTION = Section.of("logging", "What is logged, and how it is written.")
            .options(FORMAT, LEVEL, LEVELS)
            .build();

    private final Settings settings;

    LoggingOptions(Settings settings) {
        this.settings = settings;
    }

    /** Returns how messages are written; {@link Format#AUTO} by default. */
    public Format format() {
        return settings.value(FORMAT);
    }

    /** Returns how much is logged; {@link Level#INFO} by default. */
    public Level level() {
        return settings.value(LEVEL);
    }

    /** Returns how much single loggers log; none by default. */
    public Map<String, Level> levels() {
        return settings.value(LEVELS);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LoggingOptions options && options.settings.equals(settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
