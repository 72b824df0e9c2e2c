package io.lb4j.acme.dns;

import io.lb4j.acme.model.AcmeOptions;
import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.PartFactory;
import io.lb4j.config.ScalarType;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.model.DnsOptions;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The providers by the names that configurations have for them. */
public final class DnsProviderFactories {
    private static final String DNSJAVA = "org.xbill.DNS.Update";

    private DnsProviderFactories() {}

    private static Option.Builder<String> text(String name, String doc) {
        return Option.of(name, OptionTypes.string("a text"), doc);
    }

    private static Option<String> secret(String name, String doc) {
        return text(name, doc).secret().required().build();
    }

    private static Option<URI> address(String name, String doc) {
        ScalarType<URI> type =
                OptionTypes.text(URI.class, "an http or https address", DnsProviderFactories::web, URI::toString);
        return Option.of(name, type, doc).required().build();
    }

    private static URI web(String text) {
        URI address = URI.create(text.strip());
        boolean isWeb = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!isWeb || address.getHost() == null) {
            throw new IllegalArgumentException("an http or https address");
        }
        return address;
    }

    /** What all have in common. */
    abstract static class Named implements PartFactory<DnsProvider> {
        private final String name;
        private final Section section;

        Named(String name, Section section) {
            this.name = name;
            this.section = section;
        }

        @Override
        public String kind() {
            return AcmeOptions.DNS_PROVIDER_KIND;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Section section() {
            return section;
        }
    }

    /** Makes {@link DnsProviders#cloudflare}. */
    public static final class Cloudflare extends Named {
        private static final Option<String> TOKEN =
                secret("api_token", "A token that may read zones and edit their DNS.");

        /** Called by the service loader. */
        public Cloudflare() {
            super(
                    "cloudflare",
                    Section.of("cloudflare", "Zones at Cloudflare.")
                            .options(TOKEN)
                            .build());
        }

        @Override
        public DnsProvider create(Settings settings) {
            return DnsProviders.cloudflare(settings.value(TOKEN));
        }
    }

    /** Makes {@link DnsProviders#route53}. */
    public static final class Route53 extends Named {
        private static final Option<String> ACCESS =
                text("access_key_id", "The access key.").required().build();
        private static final Option<String> SECRET = secret("secret_access_key", "The secret of the access key.");
        private static final Option<String> SESSION = text("session_token", "The token of credentials that are lent.")
                .secret()
                .absentMeans("credentials of one's own")
                .build();

        /** Called by the service loader. */
        public Route53() {
            super(
                    "route53",
                    Section.of("route53", "Hosted zones at Amazon's Route 53.")
                            .options(ACCESS, SECRET, SESSION)
                            .build());
        }

        @Override
        public DnsProvider create(Settings settings) {
            Optional<String> session = settings.find(SESSION);
            return session.isPresent()
                    ? DnsProviders.route53(settings.value(ACCESS), settings.value(SECRET), session.get())
                    : DnsProviders.route53(settings.value(ACCESS), settings.value(SECRET));
        }
    }

    /** Makes {@link DnsProviders#acmeDns}. */
    public static final class AcmeDns extends Named {
        private static final Option<URI> SERVER = address("server", "The acme-dns server.");
        private static final Option<String> USERNAME =
                text("username", "The account's name.").required().build();
        private static final Option<String> PASSWORD = secret("password", "The account's password.");
        private static final Option<String> SUBDOMAIN =
                text("subdomain", "The account's subdomain.").required().build();

        /** Called by the service loader. */
        public AcmeDns() {
            super(
                    "acme-dns",
                    Section.of("acme-dns", "An account of an acme-dns server.")
                            .options(SERVER, USERNAME, PASSWORD, SUBDOMAIN)
                            .build());
        }

        @Override
        public DnsProvider create(Settings settings) {
            return DnsProviders.acmeDns(
                    settings.value(SERVER),
                    settings.value(USERNAME),
                    settings.value(PASSWORD),
                    settings.value(SUBDOMAIN));
        }
    }

    /** Makes {@link DnsProviders#exec}. */
    public static final class Exec extends Named {
        private static final Option<Path> PROGRAM = Option.of(
                        "program",
                        OptionTypes.file(),
                        "The program; called with present or cleanup, a name and a value.")
                .required()
                .build();

        /** Called by the service loader. */
        public Exec() {
            super(
                    "exec",
                    Section.of("exec", "A program that changes DNS.")
                            .options(PROGRAM)
                            .build());
        }

        @Override
        public DnsProvider create(Settings settings) {
            return DnsProviders.exec(settings.value(PROGRAM));
        }
    }

    /** Makes {@link DnsProviders#httpreq}. */
    public static final class Httpreq extends Named {
        private static final Option<URI> ENDPOINT =
                address("endpoint", "The server; /present and /cleanup are added to it.");
        private static final Option<String> USERNAME = text("username", "The name for Basic authentication.")
                .absentMeans("no authentication")
                .build();
        private static final Option<String> PASSWORD = text("password", "The password for Basic authentication.")
                .secret()
                .absentMeans("none")
                .build();

        /** Called by the service loader. */
        public Httpreq() {
            super(
                    "httpreq",
                    Section.of("httpreq", "A server that changes DNS.")
                            .options(ENDPOINT, USERNAME, PASSWORD)
                            .build());
        }

        @Override
        public DnsProvider create(Settings settings) {
            Optional<String> username = settings.find(USERNAME);
            return username.isPresent()
                    ? DnsProviders.httpreq(
                            settings.value(ENDPOINT),
                            username.get(),
                            settings.find(PASSWORD).orElse(""))
                    : DnsProviders.httpreq(settings.value(ENDPOINT));
        }
    }

    /** Makes {@link DnsProviders#rfc2136}. */
    public static final class Rfc2136 extends Named {
        private static final Option<List<InetSocketAddress>> SERVER = Option.of(
                        "server", DnsOptions.SERVERS.type(), "The zone's primary server.")
                .required()
                .build();
        private static final Option<String> ALGORITHM = text(
                        "tsig_algorithm", "The algorithm that updates are signed with.")
                .defaultsTo("hmac-sha256")
                .build();
        private static final Option<String> KEY = text("tsig_key", "The name of the key that updates are signed with.")
                .absentMeans("updates are not signed")
                .build();
        private static final Option<String> SECRET = text("tsig_secret", "The key, in base64.")
                .secret()
                .absentMeans("updates are not signed")
                .build();

        /** Called by the service loader. */
        public Rfc2136() {
            super(
                    "rfc2136",
                    Section.of("rfc2136", "Dynamic updates of a zone (RFC 2136).")
                            .options(SERVER, ALGORITHM, KEY, SECRET)
                            .rule(Rfc2136::requireWholeKey)
                            .build());
        }

        private static void requireWholeKey(Settings settings, Scope scope) {
            if (settings.isSet(KEY) != settings.isSet(SECRET)) {
                Option<String> given = settings.isSet(KEY) ? KEY : SECRET;
                scope.report(
                        Fault.Code.MISSING, "half a key", "tsig_key and tsig_secret together", settings.origin(given));
            }
        }

        @Override
        public Optional<String> missing() {
            try {
                Class.forName(DNSJAVA, false, Rfc2136.class.getClassLoader());
                return Optional.empty();
            } catch (ClassNotFoundException e) {
                return Optional.of("dnsjava:dnsjava on the class path");
            }
        }

        @Override
        public DnsProvider create(Settings settings) {
            InetSocketAddress server = settings.value(SERVER).get(0);
            Optional<String> key = settings.find(KEY);
            Optional<String> secret = settings.find(SECRET);
            return key.isPresent() && secret.isPresent()
                    ? DnsProviders.rfc2136(server, settings.value(ALGORITHM), key.get(), secret.get())
                    : DnsProviders.rfc2136(server);
        }
    }
}
