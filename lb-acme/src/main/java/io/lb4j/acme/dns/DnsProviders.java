package io.lb4j.acme.dns;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** The providers that this module brings. */
public final class DnsProviders {
    private static final Duration EXEC_PATIENCE = Duration.ofMinutes(2);
    private static final URI CLOUDFLARE = URI.create("https://api.cloudflare.com/client/v4");
    private static final URI ROUTE_53 = URI.create("https://route53.amazonaws.com");
    private static final String ROUTE_53_REGION = "us-east-1"; // where all of Route 53 is signed for

    private DnsProviders() {}

    /**
     * Sends dynamic updates (RFC 2136), signed with a key (TSIG). Needs {@code dnsjava:dnsjava} on the class path.
     *
     * @param algorithm as BIND has it: {@code hmac-sha256}
     * @param keyName of the key
     * @param secret of the key, in base64
     */
    public static DnsProvider rfc2136(InetSocketAddress server, String algorithm, String keyName, String secret) {
        return new Rfc2136Provider(server, Optional.of(new Rfc2136Provider.Key(algorithm, keyName, secret)));
    }

    /**
     * Sends dynamic updates (RFC 2136) that are not signed, to a server that takes them from this address. Needs {@code dnsjava:dnsjava} on
     * the class path.
     */
    public static DnsProvider rfc2136(InetSocketAddress server) {
        return new Rfc2136Provider(server, Optional.empty());
    }

    /** Runs a program with {@code present|cleanup FQDN VALUE}, as lego's exec provider does; it may take two minutes. */
    public static DnsProvider exec(Path program) {
        return new ExecProvider(program, EXEC_PATIENCE);
    }

    /** Asks a server by {@code POST /present} and {@code POST /cleanup}, as lego's httpreq provider does. */
    public static DnsProvider httpreq(URI endpoint) {
        return new HttpreqProvider(endpoint, Optional.empty());
    }

    /** Asks a server as {@link #httpreq(URI)} does, with Basic authentication. */
    public static DnsProvider httpreq(URI endpoint, String username, String password) {
        return new HttpreqProvider(endpoint, Optional.of(new HttpreqProvider.Login(username, password)));
    }

    /** Updates an account of an acme-dns server, which the names' challenges are delegated to by CNAME. */
    public static DnsProvider acmeDns(URI server, String username, String password, String subdomain) {
        return new AcmeDnsProvider(server, new AcmeDnsProvider.Account(username, password, subdomain));
    }

    /**
     * Changes zones at Cloudflare.
     *
     * @param token that may read zones and edit their DNS
     */
    public static DnsProvider cloudflare(String token) {
        return new CloudflareProvider(CLOUDFLARE, token);
    }

    /** Changes hosted zones at Amazon's Route 53. */
    public static DnsProvider route53(String accessKey, String secretKey) {
        return route53(new AwsSignature.Credentials(accessKey, secretKey, Optional.empty()));
    }

    /** Changes hosted zones at Amazon's Route 53, with credentials that are lent. */
    public static DnsProvider route53(String accessKey, String secretKey, String sessionToken) {
        return route53(new AwsSignature.Credentials(accessKey, secretKey, Optional.of(sessionToken)));
    }

    private static DnsProvider route53(AwsSignature.Credentials credentials) {
        return new Route53Provider(
                ROUTE_53, new AwsSignature(credentials, ROUTE_53_REGION, "route53"), Clock.systemUTC());
    }
}
