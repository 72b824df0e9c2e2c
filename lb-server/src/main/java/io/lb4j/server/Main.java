package io.lb4j.server;

import io.lb4j.Parts;
import io.lb4j.config.ConfigurationException;
import io.lb4j.config.Fault;
import io.lb4j.model.Configuration;
import io.lb4j.server.json.Json;
import io.lb4j.server.life.Outcome;
import io.lb4j.server.log.Logs;
import io.lb4j.server.schema.ConfigurationSchema;
import io.lb4j.server.source.ConfigurationReading;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The program: serves until it is asked to end, or does one of the small things that its arguments say. */
public final class Main {
    /** It has done what it was asked to. */
    static final int DONE = 0;

    /** It could not start, or came to an end by a failure. */
    static final int FAILED = 1;

    /** The arguments are wrong. */
    static final int WRONG_ARGUMENTS = 2;

    /** The configuration is wrong. */
    static final int WRONG_CONFIGURATION = 3;

    private static final Logger LOGGER = LoggerFactory.getLogger(Main.class);

    private final PrintStream out;
    private final PrintStream err;
    private final Runnable silence;

    /**
     * Creates the program.
     *
     * @param silence has nothing logged, where all that it prints is what it was asked for
     */
    Main(PrintStream out, PrintStream err, Runnable silence) {
        this.out = out;
        this.err = err;
        this.silence = silence;
    }

    /** Runs the program. */
    public static void main(String[] words) {
        int code = new Main(System.out, System.err, Logs::silence).run(List.of(words));
        if (code != DONE) {
            System.exit(code);
        }
    }

    /** Returns the exit code; once the balancer has started that is when it has been asked to end. */
    int run(List<String> words) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.print(Arguments.USAGE);
            return WRONG_ARGUMENTS;
        }
        if (arguments.task() != Arguments.Task.SERVE) {
            silence.run();
        }
        return switch (arguments.task()) {
            case SERVE -> serve(arguments);
            case CHECK -> check(arguments);
            case EXAMPLE -> print(resource("example.yaml"));
            case SCHEMA -> print(Json.write(ConfigurationSchema.of(Parts.catalog())));
            case VERSION -> print("lb4j " + resource("version.txt").strip() + "\n");
            case HELP -> print(Arguments.USAGE);
        };
    }

    private int print(String text) {
        out.print(text);
        out.flush();
        return DONE;
    }

    private int check(Arguments arguments) {
        ConfigurationReading.Check check =
                ConfigurationFile.at(arguments.file()).check();
        if (check.result().configuration().isEmpty()) {
            return wrong(check.result().faults());
        }
        Configuration configuration = check.result().configuration().get().balancer();
        StringBuilder text = new StringBuilder("%s: no faults; listeners: %d, clusters: %d, routes: %d, plugins: %d%n"
                .formatted(
                        arguments.file(),
                        configuration.listeners().size(),
                        configuration.clusters().size(),
                        configuration.routes().size(),
                        configuration.plugins().size()));
        check.dispensable()
                .forEach(fault -> text.append(FaultListing.of(fault)).append("; the rest starts without it\n"));
        if (!check.left().isEmpty()) {
            text.append("%s: not looked at, for a check asks nobody over the network: %s%n"
                    .formatted(arguments.file(), String.join(", ", check.left())));
        }
        return print(text.toString());
    }

    private int wrong(List<Fault> faults) {
        err.print(FaultListing.of(faults));
        return WRONG_CONFIGURATION;
    }

    private int serve(Arguments arguments) {
        Logs logs = Logs.open(isTerminal());
        Reloads reloads = new Reloads();
        Signals.onHangUp(reloads::ask); // before anything else: what nobody listens to ends the process
        Ending ending = Ending.listen(logs);
        try {
            Server server = Server.start(
                    ConfigurationFile.at(arguments.file()),
                    new Server.Surroundings(configuration -> logs.apply(configuration.logging()), Optional.of(logs)));
            ending.finishes(server);
            LOGGER.info(
                    "lb4j {} serves {}; ready after {} ms",
                    resource("version.txt").strip(),
                    addresses(server),
                    sinceStart().toMillis());
            Readiness.ready(System.getenv());
            ClassArchive.ofThisProcess().ifPresent(ClassArchive::makeWayForAnother);
            reloads.begin(() -> reload(server));
            ending.await();
            return DONE;
        } catch (ConfigurationException e) {
            return ending.failed(wrong(e.faults()));
        } catch (RuntimeException e) {
            LOGGER.debug("it could not start", e);
            err.println("lb4j could not start: " + e.getMessage());
            return ending.failed(FAILED);
        } catch (InterruptedException e) {
            return ending.failed(FAILED); // nobody but the end of the process interrupts it
        } finally {
            logs.close();
        }
    }

    private static void reload(Server server) {
        if (server.reload("signal") instanceof Outcome.Unchanged unchanged) {
            LOGGER.info(
                    "SIGHUP: the configuration says what is in force, version {}",
                    unchanged.version().number());
        }
    }

    private static String addresses(Server server) {
        return server.balancer().configuration().listeners().stream()
                .map(listener -> listener.name() + " on "
                        + server.balancer().address(listener.name()).toString().replace("/", ""))
                .collect(Collectors.joining(", "));
    }

    private static Duration sinceStart() {
        Instant now = Instant.now();
        return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
    }

    /** From JDK 22 on there is a console even where nobody sits at it, and a method that says so. */
    @SuppressWarnings("SystemConsoleNull") // on an older JDK it says what it looks like
    private static boolean isTerminal() {
        Object console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true; // an older JDK, where a console is a terminal
        }
    }

    private static String resource(String name) {
        try (InputStream in = Main.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource: " + name + " (expected: part of the program)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("resource: " + name + " cannot be read", e);
        }
    }
}
