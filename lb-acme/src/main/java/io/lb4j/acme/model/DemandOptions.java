package io.lb4j.acme.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.net.URI;
import java.util.Optional;

/** What is said of certificates on demand. Immutable. */
public final class DemandOptions {
    /** The kind of {@link Part} that decides: a {@link DemandDecision}. */
    public static final String DECISION_KIND = "acme_decision";

    /** Who is asked. */
    public static final Option<URI> ASK = Option.of(
                    "ask",
                    OptionTypes.text(URI.class, "an http or https address", DemandOptions::web, URI::toString),
                    "An address that is asked with ?domain= and the name; an answer of 2xx is a yes.")
            .absentMeans("a decision that is code")
            .build();

    /** Code that decides. */
    public static final Option<Part> DECISION = Option.of(
                    "decision", OptionTypes.part(DECISION_KIND), "Code that decides.")
            .absentMeans("an address that is asked")
            .build();

    /** How many new names. */
    public static final Option<Integer> RATE = Option.of(
                    "rate", OptionTypes.integer(1, 10_000), "How many names may be new in a minute.")
            .defaultsTo(10)
            .build();

    /** How many names. */
    public static final Option<Integer> MAX_NAMES = Option.of(
                    "max_names", OptionTypes.integer(1, 100_000), "How many names there may be on demand in all.")
            .defaultsTo(1_000)
            .build();

    /** All options. */
    public static final Section SECTION = Section.of(
                    "on_demand", "Certificates for names that nobody has configured, when a handshake asks for them.")
            .options(ASK, DECISION, RATE, MAX_NAMES)
            .exactlyOneOf(ASK, DECISION)
            .build();

    private final Settings settings;

    DemandOptions(Settings settings) {
        this.settings = settings;
    }

    private static URI web(String text) {
        URI address = URI.create(text.strip());
        boolean isWeb = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!isWeb || address.getHost() == null || address.getRawQuery() != null) {
            throw new IllegalArgumentException("an http or https address, without a query");
        }
        return address;
    }

    /** Returns the address that is asked. */
    public Optional<URI> ask() {
        return settings.find(ASK);
    }

    /** Returns the code that decides. */
    public Optional<Part> decision() {
        return settings.find(DECISION);
    }

    /** Returns how many names may be new in a minute. */
    public int rate() {
        return settings.value(RATE);
    }

    /** Returns how many names there may be. */
    public int maxNames() {
        return settings.value(MAX_NAMES);
    }
}
