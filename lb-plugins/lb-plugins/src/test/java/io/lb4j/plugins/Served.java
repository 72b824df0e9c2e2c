package io.lb4j.plugins;

import io.lb4j.LoadBalancer;
import io.lb4j.LoadBalancerBuilder;
import io.lb4j.config.Part;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import io.lb4j.testkit.http.RecordedRequest;
import io.lb4j.testkit.http.Script;
import io.lb4j.testkit.http.ScriptedUpstream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A balancer with plugins before one scripted upstream. */
public final class Served implements AutoCloseable {
    private final ScriptedUpstream upstream;
    private final LoadBalancer balancer;

    private Served(ScriptedUpstream upstream, LoadBalancer balancer) {
        this.upstream = upstream;
        this.balancer = balancer;
    }

    /** Serves with plugins; the upstream answers everything with 200 and {@code hello}. */
    public static Served with(Part... plugins) {
        return with(script -> script.onAny().answer(Answer.status(200).body("hello")), plugins);
    }

    /** Serves with plugins before an upstream that answers as it is told to. */
    public static Served with(Consumer<Script> script, Part... plugins) {
        return with(script, builder -> {
            for (Part plugin : plugins) {
                builder.plugin(plugin);
            }
            return builder;
        });
    }

    /** Serves with whatever is added to a balancer before an upstream that answers as it is told to. */
    public static Served with(Consumer<Script> script, UnaryOperator<LoadBalancerBuilder> more) {
        ScriptedUpstream upstream = ScriptedUpstream.start(script);
        try {
            return new Served(upstream, more.apply(before(upstream)).start());
        } catch (RuntimeException e) {
            upstream.close();
            throw e;
        }
    }

    private static LoadBalancerBuilder before(ScriptedUpstream upstream) {
        return LoadBalancer.builder()
                .listener(
                        "main",
                        listener -> listener.port(0)
                                .forwarding(forwarding -> forwarding.trustedProxies("127.0.0.1", "10.0.0.0/8")))
                .cluster("api", cluster -> cluster.endpoint("127.0.0.1", upstream.port()))
                .route("all", route -> route.path("/**").to("api"))
                .process(process -> process.eventLoops(2).drainTimeout(Duration.ofSeconds(5)));
    }

    public LoadBalancer balancer() {
        return balancer;
    }

    public ScriptedUpstream upstream() {
        return upstream;
    }

    public RawClient connect() {
        return RawClient.connect(balancer.port());
    }

    /** Asks over a connection of its own. */
    public RawResponse ask(String request) {
        try (RawClient client = connect()) {
            return client.send(request).readResponse(request.substring(0, request.indexOf(' ')));
        }
    }

    /** Asks for a path with further lines of the head. */
    public RawResponse get(String path, String... lines) {
        return ask(request("GET", path, "", lines));
    }

    /** Sends a body. */
    public RawResponse post(String body, String... lines) {
        return ask(request("POST", "/", body, lines));
    }

    /** Writes a request. */
    public static String request(String method, String path, String body, String... lines) {
        StringBuilder text =
                new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: a.example\r\n");
        for (String line : lines) {
            text.append(line).append("\r\n");
        }
        if (!body.isEmpty()) {
            text.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return text.append("\r\n").append(body).toString();
    }

    /** Returns the last request that the upstream has seen. */
    public RecordedRequest seen() {
        return upstream.requests().get(upstream.requests().size() - 1);
    }

    @Override
    public void close() {
        balancer.close();
        upstream.close();
    }
}
