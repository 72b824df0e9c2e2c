package io.lb4j.acme.internal.archive;

import io.lb4j.acme.storage.AcmeStorage;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is in a storage, parsed; what cannot be read is as good as not there, and a warning. Thread-safe. */
final class Values {
    private static final Logger logger = LoggerFactory.getLogger(Values.class);

    private final AcmeStorage storage;

    Values(AcmeStorage storage) {
        this.storage = storage;
    }

    /** What an entry says. */
    interface Parser<T> {
        T parse(Entry entry) throws GeneralSecurityException;
    }

    <T> Optional<T> read(String key, Parser<T> parser) throws IOException {
        return storage.read(key).flatMap(value -> parse(key, value, parser));
    }

    static <T> Optional<T> parse(String key, byte[] value, Parser<T> parser) {
        try {
            return Optional.of(parser.parse(Entry.of(value)));
        } catch (GeneralSecurityException | RuntimeException e) {
            logger.warn("storage: {} cannot be read and is left aside: {}", key, e.getMessage());
            return Optional.empty();
        }
    }
}
