package io.lb4j.server;

import io.lb4j.server.admin.AdminServer;
import io.lb4j.server.admin.Administered;
import io.lb4j.server.config.AdminOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The administration as the configuration wants it at present. Thread-safe. */
final class AdminDoor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminDoor.class);

    private final Administered administered;
    private Optional<AdminOptions> options = Optional.empty(); // guarded by this, as is the next
    private @Nullable AdminServer open;

    AdminDoor(Administered administered) {
        this.administered = administered;
    }

    /**
     * Opens, closes or moves it, if it is not as it is to be.
     *
     * @throws java.io.UncheckedIOException if it cannot be opened there; it is as before then
     */
    synchronized void apply(Optional<AdminOptions> wanted) {
        if (wanted.equals(options)) {
            return;
        }
        closeThis();
        try {
            wanted.ifPresent(this::open);
            options = wanted;
        } catch (RuntimeException e) {
            options.ifPresent(this::open);
            throw e;
        }
    }

    private void open(AdminOptions wanted) {
        AdminServer server = AdminServer.start(administered, wanted);
        open = server;
        LOGGER.info("administration on {}", server.address());
    }

    private void closeThis() {
        AdminServer closing = open;
        open = null;
        if (closing != null) {
            closing.close();
        }
    }

    synchronized Optional<AdminServer> server() {
        return Optional.ofNullable(open);
    }

    @Override
    public synchronized void close() {
        closeThis();
        options = Optional.empty();
    }
}
