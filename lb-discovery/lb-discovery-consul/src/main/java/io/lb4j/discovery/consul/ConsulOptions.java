package io.lb4j.discovery.consul;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistryTls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What can be configured of Consul. */
final class ConsulOptions {
    static final String STORE_KEYS = "lb4j/";
    static final Duration SESSION = Duration.ofSeconds(10); // Consul's own session_ttl_min

    private static final String ADDRESS = "an address such as http://127.0.0.1:8500";
    private static final String SECRET = "a token of visible ASCII";
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final long DEFAULT_SIZE = 64 * 1024 * 1024; // some 40,000 instances
    private static final long LARGEST_SIZE = 1024 * 1024 * 1024;

    /** Which instances count as healthy. */
    enum Health {
        /** Those whose checks all pass. */
        PASSING,
        /** Those with a check that warns too, with Consul's weight for it. */
        WARNING,
        /** All. */
        ANY
    }

    static final Option<URI> URL = Option.of("url", address(), "The agent, or a server.")
            .defaultsTo(URI.create("http://127.0.0.1:8500"))
            .build();

    static final Option<String> TOKEN = Option.of(
                    "token",
                    OptionTypes.text(String.class, SECRET, ConsulOptions::requireToken, Function.identity()),
                    "ACL token.")
            .secret()
            .absentMeans("the agent's default token")
            .build();

    static final Option<Settings> TLS = Option.of(
                    "tls", OptionTypes.section(RegistryTls.SECTION), "TLS towards an agent that is https.")
            .absentMeans("whom the Java runtime trusts")
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout",
                    OptionTypes.duration(SHORTEST),
                    "How long a question may take that does not wait for a change.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    static final Option<Duration> WAIT = Option.of(
                    "wait",
                    OptionTypes.duration(Duration.ofSeconds(1)),
                    "How long a question waits for a change; a registry that hangs, and a connection that is silently gone, are found out after that.")
            .defaultsTo(Duration.ofSeconds(4))
            .build();

    static final Option<Long> MAX_SIZE = Option.of(
                    "max_size", OptionTypes.size(1, LARGEST_SIZE), "How large an answer may be, once it is unpacked.")
            .defaultsTo(DEFAULT_SIZE)
            .build();

    static final Option<String> SERVICE = Option.of(
                    "service", OptionTypes.string("a name"), "The service whose instances are the endpoints.")
            .required()
            .build();

    static final Option<List<String>> TAGS = Option.of(
                    "tags",
                    OptionTypes.list(OptionTypes.string("a tag")),
                    "Tags that an instance must have, all of them.")
            .defaultsTo(List.of())
            .build();

    static final Option<Map<String, String>> METADATA = Option.of(
                    "metadata",
                    OptionTypes.map("names", OptionTypes.string("a value")),
                    "Metadata that an instance must have, all of them.")
            .defaultsTo(Map.of())
            .build();

    static final Option<String> FILTER = Option.of(
                    "filter",
                    OptionTypes.string("an expression"),
                    "Filter expression of Consul's own language, which the servers apply.")
            .absentMeans("none")
            .build();

    static final Option<Health> HEALTH = Option.of(
                    "health",
                    OptionTypes.oneOf(Health.class),
                    "Which instances count: those whose checks all pass, those that warn too, or any.")
            .defaultsTo(Health.PASSING)
            .build();

    static final Option<String> DATACENTER = Option.of(
                    "datacenter", OptionTypes.string("a name"), "The datacenter; several are several providers.")
            .absentMeans("the agent's")
            .build();

    static final Option<String> NAMESPACE = Option.of(
                    "namespace", OptionTypes.string("a name"), "The namespace, where the server has them.")
            .absentMeans("the token's")
            .build();

    static final Option<String> PEER = Option.of(
                    "peer", OptionTypes.string("a name"), "The peer that the service is imported from.")
            .absentMeans("it is not imported")
            .build();

    static final Option<String> PREFIX = Option.of(
                    "prefix", OptionTypes.string("a prefix of keys"), "What the store's keys begin with.")
            .defaultsTo(STORE_KEYS)
            .build();

    static final Option<Duration> SHORTEST_SESSION = Option.of(
                    "session_ttl_min",
                    OptionTypes.duration(Duration.ofSeconds(1)),
                    "The shortest time to live that the servers let a session have, as they are configured.")
            .defaultsTo(SESSION)
            .build();

    static final Section CONNECTION = Section.of("consul", "A Consul.")
            .options(URL, TOKEN, TLS, TIMEOUT, WAIT, MAX_SIZE)
            .build();

    static final Section DISCOVERY = Section.of("consul", "Endpoints from Consul.")
            .options(SERVICE, TAGS, METADATA, FILTER, HEALTH, DATACENTER, NAMESPACE, PEER)
            .options(URL, TOKEN, TLS, TIMEOUT, WAIT, MAX_SIZE)
            .build();

    static final Section STORE = Section.of("consul", "A store on Consul's keys and values, with leases and locks.")
            .options(PREFIX, SHORTEST_SESSION, URL, TOKEN, TLS, TIMEOUT, WAIT, MAX_SIZE)
            .build();

    private ConsulOptions() {}

    private static ScalarType<URI> address() {
        return OptionTypes.text(URI.class, ADDRESS, ConsulOptions::requireAddress, URI::toString);
    }

    /** Others cannot be sent, and what refuses to send them shows them. */
    private static String requireToken(String text) {
        if (text.isEmpty() || !text.chars().allMatch(character -> character > ' ' && character < 0x7f)) {
            throw new IllegalArgumentException(SECRET);
        }
        return text;
    }

    private static URI requireAddress(String text) {
        try {
            URI uri = URI.create(text);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(ADDRESS, e);
        }
        throw new IllegalArgumentException(ADDRESS);
    }
}
