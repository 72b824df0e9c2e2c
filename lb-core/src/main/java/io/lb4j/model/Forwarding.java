package io.lb4j.model;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What endpoints are told of the client, and whom that is believed of. Immutable. */
public final class Forwarding extends View {
    /** Whose word is believed. */
    public static final Option<List<AddressBlock>> TRUSTED_PROXIES = Option.of(
                    "trusted_proxies",
                    OptionTypes.list(ModelTypes.addressBlock()),
                    "Peers whose forwarding fields are kept and extended; those of all others are replaced.")
            .defaultsTo(List.of())
            .build();

    /** Whether the X-Forwarded fields are sent. */
    public static final Option<Boolean> X_FORWARDED = Option.of(
                    "x_forwarded",
                    OptionTypes.bool(),
                    "Whether endpoints get X-Forwarded-For, -Proto, -Host and -Port.")
            .defaultsTo(true)
            .build();

    /** Whether Forwarded is sent. */
    public static final Option<Boolean> FORWARDED = Option.of(
                    "forwarded", OptionTypes.bool(), "Whether endpoints get Forwarded (RFC 7239).")
            .defaultsTo(false)
            .build();

    /** The name in Via. */
    public static final Option<String> VIA = Option.of(
                    "via",
                    OptionTypes.name(),
                    "Name of this proxy in Via (RFC 9110 §7.6.3), added to requests and responses.")
            .absentMeans("no Via is added")
            .build();

    /** How endpoints are told of the client's certificate. */
    public static final Option<ClientCertificateField> CLIENT_CERTIFICATE = Option.of(
                    "client_certificate",
                    OptionTypes.oneOf(ClientCertificateField.class),
                    "Field that tells endpoints of the certificate a client has shown: xfcc, rfc9440, or none; fields of the client's own are removed.")
            .defaultsTo(ClientCertificateField.NONE)
            .build();

    /** The options of forwarding. */
    public static final Section SECTION = Section.of("forwarding", "What endpoints are told of the client.")
            .options(TRUSTED_PROXIES, X_FORWARDED, FORWARDED, VIA, CLIENT_CERTIFICATE)
            .build();

    Forwarding(Settings settings) {
        super(settings);
    }

    /** Returns the peers whose forwarding fields are believed; none by default. */
    public List<AddressBlock> trustedProxies() {
        return settings().value(TRUSTED_PROXIES);
    }

    /** Returns whether a peer's forwarding fields are believed. */
    public boolean isTrusted(InetAddress peer) {
        for (AddressBlock block : trustedProxies()) {
            if (block.contains(peer)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether X-Forwarded-For, -Proto, -Host and -Port are sent; by default they are. */
    public boolean sendsXForwarded() {
        return settings().value(X_FORWARDED);
    }

    /** Returns whether Forwarded (RFC 7239) is sent; by default it is not. */
    public boolean sendsForwarded() {
        return settings().value(FORWARDED);
    }

    /** Returns the name to add to Via; by default none is added. */
    public Optional<String> via() {
        return settings().find(VIA);
    }

    /** Returns how endpoints are told of the certificate that a client has shown; by default they are not. */
    public ClientCertificateField clientCertificate() {
        return settings().value(CLIENT_CERTIFICATE);
    }
}
