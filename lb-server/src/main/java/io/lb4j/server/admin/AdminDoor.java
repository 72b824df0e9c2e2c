package io.lb4j.server.admin;

import io.lb4j.server.config.AdminOptions;
import io.lb4j.server.life.RestOfProcess.Prepared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The administration as a configuration wants it at present. A request of its own that has it move, close or ask for more is answered all the same. Thread-safe; changes
 * come one after the other.
 */
public final class AdminDoor implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(AdminDoor.class);

    private final Administered administered;
    private @Nullable AdminServer open; // guarded by this, as are the next
    private final List<AdminServer> retiring = new ArrayList<>();
    private boolean isClosed;

    /** Creates one that is closed as yet. */
    public AdminDoor(Administered administered) {
        this.administered = administered;
    }

    /**
     * Makes ready what is wanted: another place is listened to already, other rules for the same place have been read.
     *
     * @throws java.io.UncheckedIOException if it cannot be opened there, or a file of it cannot be used; it is as before then
     */
    public synchronized Prepared prepare(Optional<AdminOptions> wanted) {
        AdminServer present = open;
        if (wanted.isEmpty()) {
            return new Change(null, () -> {}, () -> {});
        }
        AdminOptions next = wanted.get();
        if (present == null) {
            return opened(next);
        }
        if (present.options().equals(next)) {
            return new Change(present, () -> {}, () -> {});
        }
        if (present.options().isSamePlace(next)) {
            return new Change(present, present.rules(next), () -> {});
        }
        return present.options().isSamePort(next) ? movedBy(present, next) : opened(next);
    }

    private Change opened(AdminOptions next) {
        AdminServer server = AdminServer.start(administered, next);
        return new Change(server, () -> {}, server::close);
    }

    /** Another address with the same port cannot be listened to as long as the present one is, where one covers the other. */
    private Change movedBy(AdminServer present, AdminOptions next) {
        present.pause();
        try {
            AdminServer server = AdminServer.start(administered, next);
            return new Change(server, () -> {}, () -> {
                server.close();
                present.resume();
            });
        } catch (RuntimeException e) {
            present.resume();
            throw e;
        }
    }

    /** What is to be. */
    private final class Change implements Prepared {
        private final @Nullable AdminServer server;
        private final Runnable rules;
        private final Runnable undo;

        /**
         * Notes a change.
         *
         * @param server that is to be open; null if none is
         * @param rules puts other rules of it in force
         * @param undo what has been made ready
         */
        Change(@Nullable AdminServer server, Runnable rules, Runnable undo) {
            this.server = server;
            this.rules = rules;
            this.undo = undo;
        }

        @Override
        public void commit() {
            if (isTaken(server)) {
                rules.run();
                return;
            }
            undo.run(); // it has been closed in the meantime
        }

        @Override
        public void discard() {
            undo.run();
        }
    }

    private synchronized boolean isTaken(@Nullable AdminServer server) {
        AdminServer before = open;
        if (isClosed || before == server) {
            return !isClosed;
        }
        open = server;
        if (before != null) {
            retiring.removeIf(AdminServer::isOver);
            retiring.add(before);
            before.retire();
        }
        if (server != null) {
            LOGGER.info("administration on {}", server.address());
        }
        return true;
    }

    /** Returns what is open; empty if nothing is. */
    public synchronized Optional<AdminServer> server() {
        return Optional.ofNullable(open);
    }

    /** Closes it for good. Idempotent. */
    @Override
    public void close() {
        List<AdminServer> closing;
        synchronized (this) {
            isClosed = true;
            closing = new ArrayList<>(retiring);
            Optional.ofNullable(open).ifPresent(closing::add);
            open = null;
        }
        // Not while this is locked: a request that is waited for may want to change it.
        closing.forEach(AdminServer::close);
    }
}
