package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An address that clients connect to, and how they are served there. Immutable. */
public final class Listener extends View {
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
            .options(HOST, PORT, PROTOCOLS, TLS, LIMITS, TIMEOUTS, FORWARDING, PATHS, REASON_HEADER, SERVER_HEADER)
            .options(PLUGINS)
            .rule(Listener::requireProtocol)
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
