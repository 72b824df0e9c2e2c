package io.lb4j.testkit.server;

import java.net.InetSocketAddress;

/**
 * Redis as a child process, on a free port of 127.0.0.1, without anything on disk. It can be killed and started again, empty. Confined to one thread,
 * but for {@link #url()}.
 */
public final class RedisServer implements AutoCloseable {
    private static final String PROGRAM = "redis-server";

    private final Premises premises;
    private final String password;
    private RealServer server;

    private RedisServer(Premises premises, String password) {
        this.premises = premises;
        this.password = password;
        server = premises.start(own -> launch());
    }

    /**
     * Starts Redis and waits until it answers. The test is skipped where it is missing, and fails where {@code CI=true}.
     *
     * @return ready
     */
    public static RedisServer start() {
        return start("");
    }

    /**
     * Starts Redis with a password for its default user.
     *
     * @param password empty for none
     * @return ready
     */
    public static RedisServer start(String password) {
        RealServer.require(PROGRAM);
        return new RedisServer(Premises.forServer(PROGRAM), password);
    }

    private Launch launch() {
        return Launch.command(
                        RealServer.program(PROGRAM),
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(premises.port().port()),
                        "--dir",
                        premises.folder().toString(),
                        "--save",
                        "",
                        "--appendonly",
                        "no",
                        "--requirepass",
                        password)
                .readyOn(premises.port().address());
    }

    /**
     * Where clients find it.
     *
     * @return {@code redis://127.0.0.1:port}
     */
    public String url() {
        return "redis://127.0.0.1:" + premises.port().port();
    }

    /**
     * Where it listens.
     *
     * @return 127.0.0.1 and the port
     */
    public InetSocketAddress address() {
        return premises.port().address();
    }

    /**
     * The process, for signals and output.
     *
     * @return another after each start
     */
    public RealServer server() {
        return server;
    }

    /** Kills it at once, as a crash would. */
    public void kill() {
        server.kill();
    }

    /** Starts it again after a kill, without what it knew. */
    public void restart() {
        server.close();
        server = RealServer.start(launch());
    }

    /** Ends it, and gives the port back. */
    @Override
    public void close() {
        server.kill();
        premises.close();
    }
}
