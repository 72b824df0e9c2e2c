package io.lb4j.server.config;

import io.lb4j.config.Draft;
import io.lb4j.config.Faults;
import io.lb4j.config.Option;
import io.lb4j.config.Origin;
import io.lb4j.config.PartCatalog;
import io.lb4j.config.Scope;
import io.lb4j.config.Settings;
import java.nio.file.Path;
import java.util.List;

/** Says where a process is administered from. Setters refuse nothing; all faults come out together. Confined to one thread. */
public final class AdminBuilder {
    private final Draft draft = new Draft(AdminOptions.SECTION);

    AdminBuilder() {}

    private <T> AdminBuilder set(Option<T> option, T value) {
        draft.set(option, value, Origin.byDefault());
        return this;
    }

    /** Sets the address to bind; one beyond loopback needs a token. Default: 127.0.0.1. */
    public AdminBuilder host(String host) {
        return set(AdminOptions.HOST, host);
    }

    /** Sets the port to bind; 0 for one that is free. Default: 9901. */
    public AdminBuilder port(int port) {
        return set(AdminOptions.PORT, port);
    }

    /** Sets a socket in the file system in place of host and port. Default: none. */
    public AdminBuilder unixSocket(Path file) {
        return set(AdminOptions.UNIX_SOCKET, file);
    }

    /** Sets what clients show, at least 16 characters. Default: nothing. */
    public AdminBuilder token(String token) {
        return set(AdminOptions.TOKEN, token);
    }

    /** Sets names that requests may call it by, beside those of loopback and the host. Default: none. */
    public AdminBuilder allowedHosts(String... names) {
        return set(AdminOptions.ALLOWED_HOSTS, List.of(names));
    }

    Settings complete() {
        Faults faults = new Faults();
        Settings settings = draft.complete(Scope.root(faults, PartCatalog.of(List.of())));
        faults.throwIfAny();
        return settings;
    }
}
