package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;

/**
 * What becomes of those parts of a request's path that servers read in different ways. One canonical path serves for routing and for
 * forwarding. Immutable.
 */
public final class PathPolicy extends View {
    /** What becomes of several slashes in a row. */
    public enum Slashes {
        /** They become one. */
        MERGE,
        /** They stay, with an empty segment between them. */
        KEEP,
        /** The request is refused with 400. */
        REFUSE
    }

    /** What becomes of something that may be read in two ways. */
    public enum Ambiguous {
        /** It stays as it is, and never counts as what it encodes. */
        KEEP,
        /** The request is refused with 400. */
        REFUSE
    }

    /** Several slashes in a row. */
    public static final Option<Slashes> DUPLICATE_SLASHES = Option.of(
                    "duplicate_slashes", OptionTypes.oneOf(Slashes.class), "What becomes of several slashes in a row.")
            .defaultsTo(Slashes.MERGE)
            .build();

    /** An encoded slash. */
    public static final Option<Ambiguous> ENCODED_SLASH = Option.of(
                    "encoded_slash",
                    OptionTypes.oneOf(Ambiguous.class),
                    "What becomes of an encoded slash, %2F: kept, it never separates segments.")
            .defaultsTo(Ambiguous.KEEP)
            .build();

    /** A backslash. */
    public static final Option<Ambiguous> BACKSLASH = Option.of(
                    "backslash",
                    OptionTypes.oneOf(Ambiguous.class),
                    "What becomes of a backslash, encoded or not: kept, it is sent on as %5C.")
            .defaultsTo(Ambiguous.REFUSE)
            .build();

    /** A semicolon. */
    public static final Option<Ambiguous> SEMICOLON = Option.of(
                    "semicolon",
                    OptionTypes.oneOf(Ambiguous.class),
                    "What becomes of a semicolon, which some servers cut a segment at: kept, it is a character like others.")
            .defaultsTo(Ambiguous.KEEP)
            .build();

    /** The options of a path policy. */
    public static final Section SECTION = Section.of(
                    "paths", "What becomes of paths that servers read in different ways.")
            .options(DUPLICATE_SLASHES, ENCODED_SLASH, BACKSLASH, SEMICOLON)
            .build();

    /** Returns the policy of a listener that names none. */
    public static PathPolicy defaults() {
        return new PathPolicy(Settings.defaults(SECTION));
    }

    PathPolicy(Settings settings) {
        super(settings);
    }

    /** Returns what becomes of several slashes in a row; they are merged by default. */
    public Slashes duplicateSlashes() {
        return settings().value(DUPLICATE_SLASHES);
    }

    /** Returns what becomes of an encoded slash; it is kept by default. */
    public Ambiguous encodedSlash() {
        return settings().value(ENCODED_SLASH);
    }

    /** Returns what becomes of a backslash, encoded or not; it is refused by default. */
    public Ambiguous backslash() {
        return settings().value(BACKSLASH);
    }

    /** Returns what becomes of a semicolon; it is kept by default. */
    public Ambiguous semicolon() {
        return settings().value(SEMICOLON);
    }
}
