package io.lb4j.acme.dns;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import org.shredzone.acme4j.toolbox.JSONBuilder;

/**
 * Puts records at an acme-dns server, which the names delegate their challenges to by CNAME. It keeps the last two records of an account, and
 * forgets by itself. Thread-safe.
 */
final class AcmeDnsProvider implements DnsProvider {
    private final HttpApi api = new HttpApi();
    private final URI update;
    private final Account account;

    /**
     * What acme-dns gave out when the account was registered there.
     *
     * @param username of the account
     * @param password of the account
     * @param subdomain that the account may change
     */
    record Account(String username, String password, String subdomain) {}

    AcmeDnsProvider(URI server, Account account) {
        String base = server.toString();
        this.update = URI.create((base.endsWith("/") ? base : base + "/") + "update");
        this.account = account;
    }

    @Override
    public void add(TxtRecord record) throws IOException, InterruptedException {
        String body = new JSONBuilder()
                .put("subdomain", account.subdomain)
                .put("txt", record.value())
                .toString();
        Map<String, String> fields = Map.of(
                "X-Api-User", account.username, "X-Api-Key", account.password, "Content-Type", "application/json");
        api.send(new HttpApi.Call("POST", update, fields, body));
    }

    @Override
    public void remove(TxtRecord record) {
        // acme-dns has nothing to remove a record with; the next two take its place.
    }
}
