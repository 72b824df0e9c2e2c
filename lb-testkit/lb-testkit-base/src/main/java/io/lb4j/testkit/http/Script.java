package io.lb4j.testkit.http;

import io.lb4j.testkit.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an upstream is and what it does. The first reaction that matches a request, and still has times left, is played;
 * if none does, the answer is 404 with the text {@code no reaction}. A builder, for one thread.
 */
public final class Script {
    private static final int DEFAULT_KEPT_BODY_BYTES = 1 << 20;

    private final List<Reaction> reactions = new ArrayList<>();
    private String name = "";
    private Optional<ServerTls> tls = Optional.empty();
    private int keptBodyBytes = DEFAULT_KEPT_BODY_BYTES;
    private int requestsPerConnection = Integer.MAX_VALUE;
    private int receiveBufferBytes;

    Script() {}

    /**
     * Default: none. A name, sent as {@code x-upstream} with every {@link Answer}.
     *
     * @param value a field value
     * @return this
     */
    public Script name(String value) {
        name = value;
        return this;
    }

    /**
     * Default: plain TCP. Serves over TLS.
     *
     * @param settings of the server's side
     * @return this
     */
    public Script tls(ServerTls settings) {
        tls = Optional.of(settings);
        return this;
    }

    /**
     * Default: 1 MiB. How much of each request's body is kept, for the first thousand requests; of later ones at most 1
     * KiB is. Length and checksum always cover all of it.
     *
     * @param bytes zero or more
     * @return this
     */
    public Script keepBodies(int bytes) {
        keptBodyBytes = bytes;
        return this;
    }

    /**
     * Default: never. Closes each connection, without a word in the response, once it is idle after that many requests.
     *
     * @param requests more than zero
     * @return this
     */
    public Script closeIdleAfter(int requests) {
        requestsPerConnection = requests;
        return this;
    }

    /**
     * Default: the system's. SO_RCVBUF of each connection: a small one makes a slow upstream felt early.
     *
     * @param bytes more than zero; the kernel doubles and rounds it
     * @return this
     */
    public Script receiveBuffer(int bytes) {
        receiveBufferBytes = bytes;
        return this;
    }

    /**
     * Reacts to requests for a path, whatever the method and the query.
     *
     * @param path compared with the target up to the question mark, not decoded
     * @return to be written on
     */
    public Reaction on(String path) {
        return when(head -> head.path().equals(path));
    }

    /**
     * Reacts to requests with a method for a path.
     *
     * @param method in upper case
     * @param path compared with the target up to the question mark, not decoded
     * @return to be written on
     */
    public Reaction on(String method, String path) {
        return when(head -> head.method().equals(method) && head.path().equals(path));
    }

    /**
     * Reacts to every request.
     *
     * @return to be written on
     */
    public Reaction onAny() {
        return when(head -> true);
    }

    /**
     * Reacts to requests that a test chooses.
     *
     * @param matcher called on the threads of the connections
     * @return to be written on
     */
    public Reaction when(Predicate<RequestHead> matcher) {
        Reaction reaction = new Reaction(matcher);
        reactions.add(reaction);
        return reaction;
    }

    List<Reaction> reactions() {
        return List.copyOf(reactions);
    }

    Settings settings() {
        return new Settings(name, tls, keptBodyBytes, requestsPerConnection, receiveBufferBytes);
    }

    record Settings(
            String name,
            Optional<ServerTls> tls,
            int keptBodyBytes,
            int requestsPerConnection,
            int receiveBufferBytes) {}
}
