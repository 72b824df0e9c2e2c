package io.lb4j.discovery.etcd;

import java.io.IOException;

/** The leases of etcd: what is attached to one goes away with it. Thread-safe. */
final class EtcdLeases {
    private final EtcdConnection connection;

    EtcdLeases(EtcdConnection connection) {
        this.connection = connection;
    }

    long grant(long seconds) throws IOException {
        return connection
                .ask("grant a lease", client -> client.getLeaseClient().grant(seconds))
                .getID();
    }

    /** Returns whether it had not run out. */
    boolean renew(long lease) throws IOException {
        try {
            connection.ask("renew a lease", client -> client.getLeaseClient().keepAliveOnce(lease));
            return true;
        } catch (IOException e) {
            return ranOut(e);
        }
    }

    /** Ends it, if it has not run out. */
    void revoke(long lease) throws IOException {
        try {
            connection.ask("end a lease", client -> client.getLeaseClient().revoke(lease));
        } catch (IOException e) {
            ranOut(e);
        }
    }

    private static boolean ranOut(IOException e) throws IOException {
        if (EtcdFailure.of(e.getCause()).isNotFound()) {
            return false;
        }
        throw e;
    }
}
