package io.lb4j.plugins.auth;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.exchange.ConnectionInfo;
import io.lb4j.http.RequestHead;
import io.lb4j.model.AddressBlock;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.kit.AddressRanges;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** Lets in, and keeps out, by the client's address. Immutable. */
final class IpAccessPlugin extends BuiltIn implements Filter {
    /** Whose address counts. */
    enum Address {
        /** The client's, also behind proxies whose word is believed. */
        CLIENT,
        /** That of the other end of the connection. */
        CONNECTION
    }

    static final Option<List<AddressBlock>> ALLOW = Option.of(
                    "allow",
                    OptionTypes.list(ModelTypes.addressBlock()),
                    "Addresses, and blocks of them, that are let in; all others are not.")
            .absentMeans("all that deny does not name")
            .build();

    static final Option<List<AddressBlock>> DENY = Option.of(
                    "deny",
                    OptionTypes.list(ModelTypes.addressBlock()),
                    "Addresses, and blocks of them, that are kept out, even if allow names them.")
            .absentMeans("none")
            .build();

    static final Option<Address> ADDRESS = Option.of(
                    "address",
                    OptionTypes.oneOf(Address.class),
                    "Whose address counts: the client's, also behind trusted proxies, or the connection's.")
            .defaultsTo(Address.CLIENT)
            .build();

    static final Section SECTION = Section.of("ip_access", "Who may come, by address.")
            .options(ALLOW, DENY, ADDRESS)
            .rule(IpAccessPlugin::requireSomething)
            .build();

    private static final int PRIORITY = 800;
    private static final int FORBIDDEN = 403;

    private final AddressRanges allowed;
    private final AddressRanges denied;
    private final boolean allowsAll;
    private final Address address;

    IpAccessPlugin(Settings settings) {
        super(SECTION);
        allowsAll = settings.find(ALLOW).isEmpty();
        allowed = new AddressRanges(settings.find(ALLOW).orElse(List.of()));
        denied = new AddressRanges(settings.find(DENY).orElse(List.of()));
        address = settings.value(ADDRESS);
    }

    private static void requireSomething(Settings settings, Scope scope) {
        if (!settings.isSet(ALLOW) && !settings.isSet(DENY)) {
            scope.report(Fault.Code.MISSING, "nothing", "one of allow, deny", Origin.byDefault());
        }
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        if (!lets(address == Address.CLIENT ? exchange.clientAddress() : peer(exchange.connection()))) {
            Refusal.send(exchange, FORBIDDEN);
        }
        return Verdict.CONTINUE;
    }

    /** Whoever has no address is in no block. */
    private boolean lets(Optional<InetAddress> client) {
        if (client.isEmpty()) {
            return allowsAll;
        }
        return !denied.contains(client.get()) && (allowsAll || allowed.contains(client.get()));
    }

    private static Optional<InetAddress> peer(ConnectionInfo connection) {
        return connection.remoteAddress() instanceof InetSocketAddress inet
                ? Optional.ofNullable(inet.getAddress())
                : Optional.empty();
    }
}
