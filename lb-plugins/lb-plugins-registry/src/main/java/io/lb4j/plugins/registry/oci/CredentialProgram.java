package io.lb4j.plugins.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A program {@code docker-credential-NAME} that keeps credentials for Docker, found on the PATH: it is told a host, and writes JSON. Immutable. */
final class CredentialProgram {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final int LONGEST = 64 * 1024;
    private static final long PATIENCE_SECONDS = 30;
    private static final String OF_A_TOKEN = "<token>"; // in place of a user

    private final String name;
    private final String command;

    private CredentialProgram(String name, String command) {
        this.name = name;
        this.command = command;
    }

    /**
     * Returns the program of a name.
     *
     * @param commands gives the command of a program
     * @throws RegistryException if it is none that a program can have
     */
    static CredentialProgram named(String name, UnaryOperator<String> commands) throws RegistryException {
        String program = "docker-credential-" + name;
        if (!NAME.matcher(name).matches()) {
            throw new RegistryException(Reason.UNAUTHORIZED, "credentials: " + program + ": not a name of a program");
        }
        return new CredentialProgram(program, commands.apply(program));
    }

    /**
     * Asks the program.
     *
     * @return empty if it knows none
     * @throws RegistryException if it cannot be run or fails; the message shows nothing of what it wrote
     */
    Optional<Credentials> ask(String host) throws RegistryException {
        Output output = run(host);
        if (output.code() != 0) {
            if (output.text().contains("credentials not found")) {
                return Optional.empty();
            }
            throw new RegistryException(Reason.UNAUTHORIZED, message("exit code " + output.code()));
        }
        JsonNode said = Json.object(output.text().getBytes(StandardCharsets.UTF_8), name);
        String user = Json.text(said, "Username").orElse("");
        String secret = Json.text(said, "Secret").orElse("");
        return Optional.of(new Credentials(user.equals(OF_A_TOKEN) ? "" : user, secret));
    }

    private record Output(int code, String text) {}

    private Output run(String host) throws RegistryException {
        Process process;
        try {
            process = new ProcessBuilder(command, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw failure("cannot be run", e);
        }
        FutureTask<Output> task = new FutureTask<>(() -> talk(process, host));
        Thread reader = new Thread(task, "lb4j-credentials");
        reader.setDaemon(true);
        reader.start();
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw failure("no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Output talk(Process process, String host) throws IOException, InterruptedException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(host.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading: what it wrote, and its exit code, say the rest.
        }
        byte[] said = process.getInputStream().readNBytes(LONGEST);
        return new Output(process.waitFor(), new String(said, StandardCharsets.UTF_8));
    }

    private RegistryException failure(String what, Throwable cause) {
        return new RegistryException(Reason.UNAUTHORIZED, message(what), cause);
    }

    private String message(String what) {
        return "credentials: " + name + ": " + what;
    }
}
