package io.lb4j.config;

/**
 * A short form of a section, as one text: {@code 10.0.0.1:8080} for an endpoint. Immutable.
 *
 * @param expected what the text looks like
 * @param parser fills the draft from the text
 */
public record Shorthand(String expected, Parser parser) {
    /** Fills a draft from a text. */
    @FunctionalInterface
    public interface Parser {
        /**
         * Fills the draft.
         *
         * @throws IllegalArgumentException if the text does not have the form
         */
        void fill(Draft draft, String text, Origin origin);
    }

    boolean fill(Draft draft, String text, Origin origin) {
        try {
            parser.fill(draft, text, origin);
            return true;
        } catch (IllegalArgumentException e) {
            // The caller reports the text with what was expected; the exception has no more to say.
            return false;
        }
    }
}
