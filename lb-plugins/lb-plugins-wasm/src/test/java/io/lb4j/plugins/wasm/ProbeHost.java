package io.lb4j.plugins.wasm;

import io.lb4j.LoadBalancerBuilder;
import io.lb4j.PluginBuilder;
import io.lb4j.plugins.Served;
import io.lb4j.testkit.http.Answer;
import io.lb4j.testkit.http.RawClient;
import io.lb4j.testkit.http.RawResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A balancer with one guest before one upstream, which answers {@code hello}. */
final class ProbeHost implements AutoCloseable {
    private final Served served;
    private final Path file;

    private ProbeHost(Served served, Path file) {
        this.served = served;
        this.file = file;
    }

    /** Serves with the probe. */
    static ProbeHost probe() {
        return of(Guests.c("probe"), wasm -> {}, use -> {});
    }

    /** Serves with a guest. */
    static ProbeHost of(byte[] module, Consumer<? super WasmBuilder> description, Consumer<? super PluginBuilder> use) {
        return start(
                module,
                (builder, file) -> builder.plugin(
                        Wasm.plugin(wasm -> {
                            wasm.path(file);
                            description.accept(wasm);
                        }),
                        use));
    }

    /** Serves with a guest in a balancer that has more beside it. */
    static ProbeHost in(byte[] module, UnaryOperator<LoadBalancerBuilder> more) {
        return start(module, (builder, file) -> more.apply(builder).plugin(Wasm.plugin(wasm -> wasm.path(file))));
    }

    private static ProbeHost start(byte[] module, BiFunction<LoadBalancerBuilder, Path, LoadBalancerBuilder> more) {
        try {
            Path file = Files.createTempFile("guest", ".wasm");
            Files.write(file, module);
            boolean started = false;
            try {
                Served served = Served.with(
                        script -> script.onAny().answer(Answer.status(200).body("hello")),
                        builder -> more.apply(builder.process(process -> process.eventLoops(1)), file));
                started = true;
                return new ProbeHost(served, file);
            } finally {
                if (!started) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Served served() {
        return served;
    }

    /** Returns the file that holds the module. */
    Path file() {
        return file;
    }

    /** Has the probe do something. */
    RawResponse ask(String what, String... lines) {
        String[] all = new String[lines.length + 1];
        all[0] = "X-Do: " + what;
        System.arraycopy(lines, 0, all, 1, lines.length);
        return served.get("/", all);
    }

    /** Has the probe do something, by another listener. */
    RawResponse askOn(String listener, String what, String... lines) {
        String request = Served.request(
                "GET",
                "/",
                "",
                Stream.concat(Stream.of("X-Do: " + what), Stream.of(lines)).toArray(String[]::new));
        try (RawClient client =
                RawClient.connect(served.balancer().address(listener).getPort())) {
            return client.send(request).readResponse();
        }
    }

    /** Has the probe do something with a body. */
    RawResponse send(String what, String body) {
        return served.post(body, "X-Do: " + what);
    }

    /** Returns a field of the last request that the upstream has seen; empty if it had none. */
    String seen(String field) {
        return served.seen().headers().first(field).orElse("");
    }

    /** Returns the plugin's own figures. */
    Map<String, Long> figures() {
        return served.balancer().stats().plugins().values().iterator().next().metrics();
    }

    @Override
    public void close() {
        served.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
