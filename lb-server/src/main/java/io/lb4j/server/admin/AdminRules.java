package io.lb4j.server.admin;

import io.lb4j.config.Settings;
import io.lb4j.server.config.AdminOptions;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is let in to the administration, and how. Immutable.
 *
 * @param options that say so
 * @param gate that lets them in
 * @param tls empty if there is none
 * @param files what the files of its TLS hold
 */
record AdminRules(AdminOptions options, Gate gate, Optional<SslContext> tls, List<String> files) {
    /** Copies the list. */
    AdminRules {
        files = List.copyOf(files);
    }

    /**
     * Reads what the options name.
     *
     * @throws IOException if a file cannot be read, or the engine refuses it
     * @throws IllegalArgumentException if a file holds something else
     */
    static AdminRules of(AdminOptions options) throws IOException {
        List<String> files = contents(options);
        Optional<SslContext> tls =
                options.tls().isPresent() ? Optional.of(context(options.tls().get())) : Optional.empty();
        return new AdminRules(options, new Gate(options), tls, files);
    }

    /**
     * Returns the same rules with what the files hold now; empty if they hold what they did.
     *
     * @throws IOException if a file cannot be read, or the engine refuses it
     * @throws IllegalArgumentException if a file holds something else
     */
    Optional<AdminRules> exchanged() throws IOException {
        return contents(options).equals(files) ? Optional.empty() : Optional.of(of(options));
    }

    private static List<String> contents(AdminOptions options) throws IOException {
        List<String> contents = new ArrayList<>();
        if (options.tls().isPresent()) {
            Settings tls = options.tls().get();
            List<Path> files = new ArrayList<>(List.of(tls.value(AdminOptions.CHAIN), tls.value(AdminOptions.KEY)));
            tls.find(AdminOptions.CLIENT_TRUST).ifPresent(files::add);
            for (Path file : files) {
                contents.add(Files.readString(file));
            }
        }
        return contents;
    }

    private static SslContext context(Settings tls) throws IOException {
        SslContextBuilder context = SslContextBuilder.forServer(
                        tls.value(AdminOptions.CHAIN).toFile(),
                        tls.value(AdminOptions.KEY).toFile())
                .sslProvider(SslProvider.JDK);
        tls.find(AdminOptions.CLIENT_TRUST)
                .ifPresent(trust -> context.trustManager(trust.toFile()).clientAuth(ClientAuth.REQUIRE));
        return context.build();
    }

    /** Tells the options, and nothing of what files hold: one of them is a key. */
    @Override
    public String toString() {
        return options.toString();
    }
}
