package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Part;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An address that clients connect to, and how they are served there. Immutable. */
public final class Listener extends View {
    /** The kind of {@link Part} that is a further protocol: an {@code io.lb4j.spi.Transport}. */
    public static final String TRANSPORT = "transport";

    /** The name. */
    public static final Option<String> NAME = Option.of(
                    "name",
                    OptionTypes.name(),
                    "Name in statistics, logs and messages; listener-1 and so on if there is none.")
            .build();

    /** The address to bind. */
    public static final Option<String> HOST = Option.of(
                    "host", ModelTypes.host(), "Address to bind: one of this machine, 0.0.0.0 or :: for all of them.")
            .defaultsTo("127.0.0.1")
            .build();

    /** The port to bind. */
    public static final Option<Integer> PORT = Option.of(
                    "port", OptionTypes.integer(0, 65_535), "Port to bind; 0 for one that is free.")
            .required()
            .build();

    /** The protocols. */
    public static final Option<List<ListenerProtocol>> PROTOCOLS = Option.of(
                    "protocols",
                    OptionTypes.list(OptionTypes.oneOf(ListenerProtocol.class)),
                    "What is spoken: by ALPN over TLS, by the connection's first octets without.")
            .defaultsTo(List.of(ListenerProtocol.HTTP1, ListenerProtocol.HTTP2))
            .build();

    /** TLS. */
    public static final Option<Settings> TLS = Option.of(
                    "tls", OptionTypes.section(ListenerTls.SECTION), "TLS towards clients.")
            .absentMeans("no TLS")
            .build();

    /** The further transports. */
    public static final Option<List<Part>> TRANSPORTS = Option.of(
                    "transports",
                    OptionTypes.list(OptionTypes.part(TRANSPORT)),
                    "Further protocols on the same port over sockets of their own, HTTP/3 for one; with the listener's certificates.")
            .defaultsTo(List.of())
            .build();

    /** What becomes of Alt-Svc. */
    public static final Option<AltSvcPolicy> ALT_SVC = Option.of(
                    "alt_svc",
                    OptionTypes.oneOf(AltSvcPolicy.class),
                    "Whether answers advertise the further transports in Alt-Svc: add where there is none, replace an endpoint's own, or off.")
            .defaultsTo(AltSvcPolicy.ADD)
            .build();

    /** How long clients may remember a transport. */
    public static final Option<Duration> ALT_SVC_MAX_AGE = Option.of(
                    "alt_svc_max_age",
                    OptionTypes.duration(Duration.ofSeconds(1)),
                    "How long clients may remember the further transports (ma in Alt-Svc).")
            .defaultsTo(Duration.ofHours(24))
            .build();

    /** Whose PROXY header is believed. */
    public static final Option<List<AddressBlock>> PROXY_PROTOCOL_FROM = Option.of(
                    "proxy_protocol_from",
                    OptionTypes.list(ModelTypes.addressBlock()),
                    "Peers whose connections begin with a PROXY protocol header, version 1 or 2, which names the client; they must send one. All others are taken for clients.")
            .defaultsTo(List.of())
            .build();

    /** The limits. */
    public static final Option<Settings> LIMITS = nested("limits", ListenerLimits.SECTION);

    /** The timeouts. */
    public static final Option<Settings> TIMEOUTS = nested("timeouts", ListenerTimeouts.SECTION);

    /** Forwarding. */
    public static final Option<Settings> FORWARDING = nested("forwarding", Forwarding.SECTION);

    /** The path policy. */
    public static final Option<Settings> PATHS = nested("paths", PathPolicy.SECTION);

    /** The plugins of what comes by it. */
    public static final Option<List<Settings>> PLUGINS =
            PluginUse.option("Plugins that what comes by this listener goes through, beside those of the balancer.");

    /** Whether answers made here say why. */
    public static final Option<Boolean> REASON_HEADER = Option.of(
                    "reason_header",
                    OptionTypes.bool(),
                    "Whether answers made here, not by an endpoint, say why in x-lb4j-reason.")
            .defaultsTo(true)
            .build();

    /** The server field of answers made here. */
    public static final Option<String> SERVER_HEADER = Option.of(
                    "server_header",
                    ModelTypes.fieldValue(),
                    "The server field of answers made here; those of endpoints keep theirs.")
            .absentMeans("no server field")
            .build();

    /** The options of a listener. */
    public static final Section SECTION = Section.of("listener", "An address that clients connect to.")
            .namedBy(NAME)
            .options(HOST, PORT, PROTOCOLS, TLS, TRANSPORTS, ALT_SVC, ALT_SVC_MAX_AGE, PROXY_PROTOCOL_FROM)
            .options(LIMITS, TIMEOUTS, FORWARDING, PATHS, REASON_HEADER, SERVER_HEADER, PLUGINS)
            .rule(Listener::requireProtocol)
            .rule(Listener::requireSoundTransports)
            .build();

    Listener(Settings settings) {
        super(settings);
    }

    /** Declares a nested section that is there, with its defaults, even where nobody mentions it. */
    static Option<Settings> nested(String name, Section section) {
        return Option.of(name, OptionTypes.section(section), section.doc())
                .defaultsTo(Settings.defaults(section))
                .build();
    }

    private static void requireProtocol(Settings settings, Scope scope) {
        if (settings.find(PROTOCOLS).filter(List::isEmpty).isPresent()) {
            String expected = "at least one of http1, http2";
            scope.at(PROTOCOLS.name()).report(Fault.Code.MISSING, "none", expected, settings.origin(PROTOCOLS));
        }
    }

    /** Further transports do a handshake with the listener's certificates; each has its place in statistics by its name. */
    private static void requireSoundTransports(Settings settings, Scope scope) {
        List<Part> transports = settings.find(TRANSPORTS).orElse(List.of());
        if (!transports.isEmpty() && !settings.isSet(TLS) && !settings.isFaulty(TLS)) {
            String expected = "TLS, because transports are set";
            scope.at(TLS.name()).report(Fault.Code.MISSING, "missing", expected, settings.origin(TRANSPORTS));
        }
        Set<String> names = new HashSet<>();
        for (Part transport : transports) {
            if (!names.add(transport.name())) {
                scope.at(TRANSPORTS.name())
                        .report(
                                Fault.Code.DUPLICATE,
                                transport.name(),
                                "each transport once",
                                settings.origin(TRANSPORTS));
            }
        }
    }

    /** Returns the name. */
    public String name() {
        return settings().value(NAME);
    }

    /** Returns the address to bind; 127.0.0.1 by default. */
    public String host() {
        return settings().value(HOST);
    }

    /** Returns the port to bind; 0 for one that is free. */
    public int port() {
        return settings().value(PORT);
    }

    /** Returns what is spoken; HTTP/1.1 and HTTP/2 by default. */
    public Set<ListenerProtocol> protocols() {
        return EnumSet.copyOf(settings().value(PROTOCOLS));
    }

    /** Returns how TLS is done; by default it is not. */
    public Optional<ListenerTls> tls() {
        return settings().find(TLS).map(ListenerTls::new);
    }

    /** Returns the further protocols; none by default. */
    public List<Part> transports() {
        return settings().value(TRANSPORTS);
    }

    /** Returns whether answers advertise the further transports; {@link AltSvcPolicy#ADD} by default. */
    public AltSvcPolicy altSvc() {
        return settings().value(ALT_SVC);
    }

    /** Returns how long clients may remember the further transports; 24 hours by default. */
    public Duration altSvcMaxAge() {
        return settings().value(ALT_SVC_MAX_AGE);
    }

    /** Returns the peers whose PROXY protocol header is demanded and believed; none by default. */
    public List<AddressBlock> proxyProtocolFrom() {
        return settings().value(PROXY_PROTOCOL_FROM);
    }

    /** Returns what clients may ask for at the most. */
    public ListenerLimits limits() {
        return new ListenerLimits(settings().value(LIMITS));
    }

    /** Returns how long clients are waited for. */
    public ListenerTimeouts timeouts() {
        return new ListenerTimeouts(settings().value(TIMEOUTS));
    }

    /** Returns what endpoints are told of the client. */
    public Forwarding forwarding() {
        return new Forwarding(settings().value(FORWARDING));
    }

    /** Returns what becomes of paths that servers read in different ways. */
    public PathPolicy paths() {
        return new PathPolicy(settings().value(PATHS));
    }

    /** Returns its own plugins; none by default. */
    public List<PluginUse> plugins() {
        return PluginUse.listOf(settings().value(PLUGINS));
    }

    /** Returns whether answers made here say why, in {@code x-lb4j-reason}; by default they do. */
    public boolean sendsReason() {
        return settings().value(REASON_HEADER);
    }

    /** Returns the server field of answers made here; by default they have none. */
    public Optional<String> serverHeader() {
        return settings().find(SERVER_HEADER);
    }
}
