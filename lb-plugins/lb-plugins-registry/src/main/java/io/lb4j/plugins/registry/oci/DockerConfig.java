package io.lb4j.plugins.registry.oci;

import com.fasterxml.jackson.databind.JsonNode;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Credentials as {@code docker login} leaves them in its {@code config.json}: in the file itself ({@code auths}), or with a program ({@code credHelpers} for a host,
 * {@code credsStore} for all). The file is read each time, so that another login is seen. Thread-safe.
 */
public final class DockerConfig implements CredentialSource {
    private static final int LARGEST = 1 << 20;
    private static final List<Function<String, String>> KEYS = List.of(
            host -> host,
            host -> "https://" + host,
            host -> "https://" + host + "/",
            host -> "https://" + host + "/v1/",
            host -> "https://" + host + "/v2/",
            host -> "http://" + host);

    private final Path file;
    private final UnaryOperator<String> programs;

    /**
     * For tests too.
     *
     * @param programs gives the command of a program by its name
     */
    DockerConfig(Path file, UnaryOperator<String> programs) {
        this.file = file;
        this.programs = programs;
    }

    /** Reads a file. */
    public static DockerConfig in(Path file) {
        return new DockerConfig(file, name -> name);
    }

    /**
     * Returns the file that Docker itself would read: {@code config.json} in the folder that {@code DOCKER_CONFIG} names, or in {@code ~/.docker}.
     *
     * @param environment of the process
     */
    public static Path usual(Map<String, String> environment) {
        String folder = environment.getOrDefault("DOCKER_CONFIG", "");
        Path home = Path.of(System.getProperty("user.home", ""));
        return (folder.isEmpty() ? home.resolve(".docker") : Path.of(folder)).resolve("config.json");
    }

    @Override
    public Optional<Credentials> find(String host) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        JsonNode config = read();
        Optional<String> program = entry(config.path("credHelpers"), host).map(JsonNode::asText);
        if (program.isPresent()) {
            return program(program.get()).ask(host);
        }
        Optional<String> store = Json.text(config, "credsStore").filter(name -> !name.isEmpty());
        if (store.isPresent()) {
            String key = host.equals("index.docker.io") ? "https://index.docker.io/v1/" : host;
            Optional<Credentials> kept = program(store.get()).ask(key);
            if (kept.isPresent()) {
                return kept;
            }
        }
        Optional<JsonNode> known = entry(config.path("auths"), host);
        return known.isPresent() ? credentials(known.get()) : Optional.empty();
    }

    private CredentialProgram program(String name) throws RegistryException {
        return CredentialProgram.named(name, programs);
    }

    private JsonNode read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Json.object(in.readNBytes(LARGEST), file.toString());
        }
    }

    private static Optional<JsonNode> entry(JsonNode entries, String host) {
        return KEYS.stream()
                .map(key -> entries.path(key.apply(host)))
                .filter(node -> !node.isMissingNode())
                .findFirst();
    }

    private Optional<Credentials> credentials(JsonNode entry) throws RegistryException {
        Optional<String> token = Json.text(entry, "identitytoken").filter(text -> !text.isEmpty());
        if (token.isPresent()) {
            return Optional.of(new Credentials("", token.get()));
        }
        Optional<String> coded = Json.text(entry, "auth").filter(text -> !text.isEmpty());
        if (coded.isEmpty()) {
            return Optional.empty(); // docker leaves an empty entry where a program keeps the rest
        }
        try {
            String pair = new String(Base64.getDecoder().decode(coded.get()), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                return Optional.of(new Credentials(pair.substring(0, colon), pair.substring(colon + 1)));
            }
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Reason.MALFORMED, file + ": auth (expected: base64)", e);
        }
        throw new RegistryException(Reason.MALFORMED, file + ": auth (expected: user:password in base64)");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
