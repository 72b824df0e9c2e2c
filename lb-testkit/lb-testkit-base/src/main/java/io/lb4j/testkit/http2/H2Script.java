package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import io.lb4j.testkit.tls.ServerTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an HTTP/2 upstream is and what it does. The first reaction that matches a stream, and still has times left, is
 * played; if none does, the answer is 404 with the text {@code no reaction}. A builder, for one thread.
 */
public final class H2Script {
    private final List<H2Reaction> reactions = new ArrayList<>();
    private String name = "";
    private Optional<ServerTls> tls = Optional.empty();
    private H2Options options = H2Options.defaults();

    H2Script() {}

    /**
     * Default: none. A name, sent as {@code x-upstream} with every final response.
     *
     * @param value a field value
     * @return this
     */
    public H2Script name(String value) {
        name = value;
        return this;
    }

    /**
     * Default: plain TCP, with prior knowledge. Serves over TLS, with {@code h2} chosen by ALPN.
     *
     * @param settings of the server's side; its ALPN is replaced
     * @return this
     */
    public H2Script tls(ServerTls settings) {
        tls = Optional.of(settings.alpn("h2"));
        return this;
    }

    /**
     * Default: {@link H2Options#defaults}. Settings, and what happens by itself.
     *
     * @param value for every connection
     * @return this
     */
    public H2Script options(H2Options value) {
        options = value;
        return this;
    }

    /**
     * Reacts to requests for a path, whatever the method and the query.
     *
     * @param path compared with {@code :path} up to the question mark, not decoded
     * @return to be written on
     */
    public H2Reaction on(String path) {
        return when(head -> {
            String target = head.first(":path").orElse("");
            int question = target.indexOf('?');
            return path.equals(question < 0 ? target : target.substring(0, question));
        });
    }

    /**
     * Reacts to every request.
     *
     * @return to be written on
     */
    public H2Reaction onAny() {
        return when(head -> true);
    }

    /**
     * Reacts to requests that a test chooses.
     *
     * @param matcher given the head, pseudo-header fields included; called on the threads of the connections
     * @return to be written on
     */
    public H2Reaction when(Predicate<Fields> matcher) {
        H2Reaction reaction = new H2Reaction(matcher);
        reactions.add(reaction);
        return reaction;
    }

    List<H2Reaction> reactions() {
        return List.copyOf(reactions);
    }

    Settings settings() {
        return new Settings(name, tls, options);
    }

    record Settings(String name, Optional<ServerTls> tls, H2Options options) {}
}
