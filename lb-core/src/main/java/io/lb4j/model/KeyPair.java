package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.util.Optional;

/** A certificate chain with its private key, in files. Immutable. */
public final class KeyPair extends View {
    /** The file of the chain. */
    public static final Option<Path> CHAIN = Option.of(
                    "chain",
                    OptionTypes.file(),
                    "File with the certificate chain in PEM, the end-entity certificate first.")
            .required()
            .build();

    /** The file of the key. */
    public static final Option<Path> KEY = Option.of(
                    "key", OptionTypes.file(), "File with the private key in PEM (PKCS #8).")
            .required()
            .build();

    /** The key's password. */
    public static final Option<String> PASSWORD = Option.of(
                    "password", OptionTypes.string("a password"), "Password of the private key.")
            .secret()
            .absentMeans("the key is not encrypted")
            .build();

    /** The options of a key pair. */
    public static final Section SECTION = Section.of(
                    "certificate", "A certificate chain with its private key, in files.")
            .options(CHAIN, KEY, PASSWORD)
            .build();

    KeyPair(Settings settings) {
        super(settings);
    }

    /** Returns the file with the certificate chain in PEM, the end-entity certificate first. */
    public Path chain() {
        return settings().value(CHAIN);
    }

    /** Returns the file with the private key in PEM. */
    public Path key() {
        return settings().value(KEY);
    }

    /** Returns the private key's password. */
    public Optional<String> password() {
        return settings().find(PASSWORD);
    }
}
