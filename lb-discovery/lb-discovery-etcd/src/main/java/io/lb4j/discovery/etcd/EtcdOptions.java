package io.lb4j.discovery.etcd;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.discovery.RegistryTls;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** What can be configured of etcd. */
final class EtcdOptions {
    static final String SERVICES = "/services/";
    static final String STORE_KEYS = "/lb4j/";

    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final String SERVER = "an address such as http://10.0.0.1:2379";

    static final Option<List<String>> SERVERS = Option.of(
                    "servers",
                    OptionTypes.list(
                            OptionTypes.text(String.class, SERVER, EtcdOptions::requireServer, Function.identity())),
                    "Members of the cluster, all http or all https; any that answers will do.")
            .required()
            .build();

    static final Option<String> USER = Option.of("user", OptionTypes.string("a name"), "Who logs in.")
            .absentMeans("nobody does, which is right where authentication is off")
            .build();

    static final Option<String> PASSWORD = Option.of(
                    "password", OptionTypes.string("a password"), "The user's password.")
            .secret()
            .absentMeans("there is no user")
            .build();

    static final Option<Settings> TLS = Option.of(
                    "tls", OptionTypes.section(RegistryTls.SECTION), "TLS towards servers that are https.")
            .absentMeans("whom the Java runtime trusts")
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", OptionTypes.duration(SHORTEST), "How long a question may take.")
            .defaultsTo(Duration.ofSeconds(5))
            .build();

    static final Option<String> SERVICE = Option.of(
                    "service", OptionTypes.string("a name"), "The service whose instances are the endpoints.")
            .required()
            .build();

    static final Option<String> PREFIX = Option.of(
                    "prefix", OptionTypes.string("a prefix of keys"), "What the keys of services begin with.")
            .defaultsTo(SERVICES)
            .build();

    static final Option<String> STORE_PREFIX = Option.of(
                    "prefix", OptionTypes.string("a prefix of keys"), "What the store's keys begin with.")
            .defaultsTo(STORE_KEYS)
            .build();

    static final Section CONNECTION = withConnection(Section.of("etcd", "An etcd v3."));

    static final Section DISCOVERY =
            withConnection(Section.of("etcd", "Endpoints from etcd v3.").options(SERVICE, PREFIX));

    static final Section STORE = withConnection(
            Section.of("etcd", "A store on etcd v3, with leases and locks.").options(STORE_PREFIX));

    private EtcdOptions() {}

    private static Section withConnection(Section.Builder section) {
        return section.options(SERVERS, USER, PASSWORD, TLS, TIMEOUT)
                .rule(EtcdOptions::requireOneScheme)
                .rule(EtcdOptions::requireBoth)
                .build();
    }

    private static String requireServer(String text) {
        URI uri = uriOf(text);
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!isHttp || uri.getHost() == null || uri.getPort() <= 0 || uri.getUserInfo() != null) {
            throw new IllegalArgumentException(SERVER);
        }
        return text;
    }

    private static URI uriOf(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    SERVER, e); // its own message says where the fault is, not what is expected
        }
    }

    private static void requireOneScheme(Settings settings, Scope scope) {
        List<String> servers = settings.find(SERVERS).orElse(List.of());
        long secure =
                servers.stream().filter(server -> server.startsWith("https:")).count();
        if (!settings.isFaulty(SERVERS) && (servers.isEmpty() || (secure > 0 && secure < servers.size()))) {
            scope.at(SERVERS.name())
                    .report(
                            Fault.Code.INVALID,
                            servers.toString(),
                            "at least one, all http or all https",
                            settings.origin(SERVERS));
        }
    }

    private static void requireBoth(Settings settings, Scope scope) {
        if (settings.isSet(USER) != settings.isSet(PASSWORD)) {
            Option<String> missing = settings.isSet(USER) ? PASSWORD : USER;
            scope.at(missing.name())
                    .report(Fault.Code.MISSING, "missing", "user and password together", settings.origin(missing));
        }
    }
}
