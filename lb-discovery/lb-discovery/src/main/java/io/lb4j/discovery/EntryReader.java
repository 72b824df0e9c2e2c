package io.lb4j.discovery;

import io.lb4j.model.Endpoint;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the entries of a registry one by one: an entry that cannot be understood is left out and complained about once, with its key; the
 * rest applies. Thread-safe.
 */
public final class EntryReader {
    private static final Logger LOGGER = LoggerFactory.getLogger(EntryReader.class);
    private static final int MAX_WARNINGS = 1000;
    private static final int LONGEST_TEXT = 200;

    private final String source;
    private final Set<String> warned = new HashSet<>(); // guarded by this

    /** Understands one entry. */
    @FunctionalInterface
    public interface Parser {
        /**
         * Returns the endpoint; empty if the entry says that it is not to be used.
         *
         * @throws IllegalArgumentException if it cannot be understood; its message says what was expected
         */
        Optional<Endpoint> parse();
    }

    /**
     * Creates a reader.
     *
     * @param source what messages call the registry
     */
    public EntryReader(String source) {
        this.source = source;
    }

    /**
     * Reads one entry.
     *
     * @param key what tells it from others
     */
    public Entries read(String key, Parser parser) {
        try {
            Entries read = parser.parse()
                    .map(endpoint -> Entries.of(HostRule.require(endpoint)))
                    .orElse(Entries.NONE);
            forget(key);
            return read;
        } catch (IllegalArgumentException e) {
            warn(key, e);
            return Entries.LEFT_OUT;
        }
    }

    private synchronized void forget(String key) {
        warned.remove(key);
    }

    private synchronized void warn(String key, IllegalArgumentException reason) {
        if (warned.size() < MAX_WARNINGS && warned.add(key)) {
            LOGGER.warn(
                    "{}: the entry {} is left out: {}",
                    source,
                    onOneLine(key),
                    onOneLine(String.valueOf(reason.getMessage())));
        }
    }

    /** Whoever may write an entry shall not write lines of the log, nor fill it. */
    static String onOneLine(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().limit(LONGEST_TEXT).forEach(character -> {
            boolean isVisible = !Character.isISOControl(character)
                    && Character.getType(character) != Character.LINE_SEPARATOR
                    && Character.getType(character) != Character.PARAGRAPH_SEPARATOR;
            line.appendCodePoint(isVisible ? character : '?');
        });
        return text.codePointCount(0, text.length()) > LONGEST_TEXT ? line + "…" : line.toString();
    }
}
