package io.lb4j.plugins.registry.cli;

import io.lb4j.plugins.registry.Publisher;
import io.lb4j.plugins.registry.index.IndexedPlugin;
import io.lb4j.plugins.registry.index.Installation;
import io.lb4j.plugins.registry.index.LockedPlugin;
import io.lb4j.plugins.registry.index.PluginIndex;
import io.lb4j.plugins.registry.index.PublishedIndex;
import io.lb4j.plugins.registry.index.Release;
import io.lb4j.plugins.registry.index.VersionRange;
import io.lb4j.plugins.registry.oci.BlobCache;
import io.lb4j.plugins.registry.oci.CachedRegistry;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryAccess;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.sign.PublisherCheck;
import io.lb4j.plugins.registry.sign.SigningKey;
import io.lb4j.plugins.registry.sign.TrustedKey;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The program. It has the credentials of {@code docker login}. */
public final class Main {
    /** It has done what it was asked to. */
    static final int DONE = 0;

    /** Something could not be had, or may not be used. */
    static final int FAILED = 1;

    /** The arguments are wrong. */
    static final int WRONG_ARGUMENTS = 2;

    static final String USAGE = """
            usage: lb-plugins TASK ...
              push IMAGE MODULE [--manifest FILE] [--sign NAME=KEY]   publishes a module, and signs it
              sign IMAGE --sign NAME=KEY                              signs what an image's tag means
              search [WORDS ...] --index WHERE --trust NAME=FILE      finds plugins in an index
              install PLUGIN[@RANGE] --index WHERE --trust NAME=FILE --folder FOLDER
              update PLUGIN --index WHERE --trust NAME=FILE --folder FOLDER
              rollback PLUGIN --trust NAME=FILE --folder FOLDER       goes back to what was installed before
              restore --trust NAME=FILE --folder FOLDER               brings the folder to what its lock file says
              seal DOCUMENT FILE --sign NAME=KEY                      signs an index
            IMAGE is oci://host/name:tag, WHERE a file or an https address, FILE and KEY are keys in PEM.
            For all: --cache FOLDER, --authorities FILE, --tls true|false
            """;

    private static final long CACHE_SIZE = 1L << 30;

    private final PrintStream out;
    private final PrintStream err;

    Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs the program. */
    public static void main(String[] words) {
        int code = new Main(System.out, System.err).run(List.of(words));
        if (code != DONE) {
            System.exit(code);
        }
    }

    /** Returns the exit code. */
    int run(List<String> arguments) {
        try {
            Words words = Words.parse(arguments);
            try (RegistryClient client = new RegistryClient(access(words))) {
                perform(words, client);
            }
            return DONE;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            err.print(USAGE);
            return WRONG_ARGUMENTS;
        } catch (NoSuchFileException e) {
            err.println(e.getFile() + ": no such file"); // its own message is but the name
            return FAILED;
        } catch (IOException e) {
            err.println(e.getMessage());
            return FAILED;
        }
    }

    private static RegistryAccess access(Words words) {
        RegistryAccess usual = RegistryAccess.usual();
        Optional<Boolean> tls = words.option("--tls").map(Main::truth);
        return new RegistryAccess(
                tls, words.option("--authorities").map(Path::of), usual.credentials(), usual.timeout());
    }

    private static boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("--tls: \"" + text + "\" (expected: true or false)");
        };
    }

    private void perform(Words words, RegistryClient client) throws IOException {
        switch (words.task()) {
            case "push" -> push(words, client);
            case "sign" -> sign(words, client);
            case "seal" -> seal(words);
            case "search" -> search(words, client);
            case "install" -> install(words, client);
            case "update" -> {
                String name = words.operand(0, "plugin");
                tell(name, installation(words, client).update(index(words, client), name));
            }
            case "rollback" -> {
                String name = words.operand(0, "plugin");
                tell(name, installation(words, client).rollBack(name));
            }
            case "restore" -> installation(words, client).restore();
            default -> throw new IllegalArgumentException("task: \"" + words.task() + "\"");
        }
    }

    private void push(Words words, RegistryClient client) throws IOException {
        ImageReference image = ImageReference.parse(words.operand(0, "image"));
        byte[] module = Files.readAllBytes(Path.of(words.operand(1, "module")));
        Optional<String> manifest = words.option("--manifest");
        Publisher publisher = new Publisher(client);
        Digest digest = manifest.isPresent()
                ? publisher.push(image, module, Files.readAllBytes(Path.of(manifest.get())))
                : publisher.push(image, module);
        sign(words, publisher, image, digest);
        out.println(image.withDigest(digest));
    }

    private void sign(Words words, RegistryClient client) throws IOException {
        words.required("--sign");
        ImageReference image = ImageReference.parse(words.operand(0, "image"));
        Digest digest = client.resolve(image);
        sign(words, new Publisher(client), image, digest);
        out.println(image.withDigest(digest));
    }

    private static void sign(Words words, Publisher publisher, ImageReference image, Digest digest) throws IOException {
        for (SigningKey key : signers(words).values()) {
            publisher.sign(image, digest, key);
        }
    }

    private static Map<String, SigningKey> signers(Words words) throws IOException {
        Map<String, SigningKey> signers = new LinkedHashMap<>();
        for (Map.Entry<String, String> each : words.pairs("--sign").entrySet()) {
            signers.put(each.getKey(), SigningKey.read(Path.of(each.getValue())));
        }
        return signers;
    }

    private void seal(Words words) throws IOException {
        words.required("--sign");
        PluginIndex index = PluginIndex.parse(Files.readAllBytes(Path.of(words.operand(0, "document"))));
        Files.write(Path.of(words.operand(1, "file")), index.seal(signers(words)));
        out.println(index.name() + " " + index.version() + ", until " + index.expires());
    }

    private void search(Words words, RegistryClient client) throws IOException {
        for (IndexedPlugin plugin : index(words, client).search(String.join(" ", words.operands()))) {
            String newest = plugin.newest(VersionRange.parse("*"))
                    .map(Release::version)
                    .map(Object::toString)
                    .orElse("-");
            out.println(plugin.name() + " " + newest + " " + plugin.license() + "  " + plugin.description());
        }
    }

    private void install(Words words, RegistryClient client) throws IOException {
        String[] wanted = words.operand(0, "plugin").split("@", 2);
        VersionRange range = VersionRange.parse(wanted.length > 1 ? wanted[1] : "*");
        tell(wanted[0], installation(words, client).install(index(words, client), wanted[0], range));
    }

    private void tell(String name, LockedPlugin plugin) {
        out.println(name + " " + plugin.version() + " " + plugin.image());
    }

    private static List<TrustedKey> keys(Words words) throws IOException {
        words.required("--trust");
        List<TrustedKey> keys = new ArrayList<>();
        for (Map.Entry<String, String> each : words.pairs("--trust").entrySet()) {
            keys.add(TrustedKey.read(each.getKey(), Path.of(each.getValue())));
        }
        return keys;
    }

    private static PluginIndex index(Words words, RegistryClient client) throws IOException {
        String where = words.required("--index");
        List<TrustedKey> keys = keys(words);
        return where.contains("://")
                ? PublishedIndex.fetch(URI.create(where), client, keys)
                : PublishedIndex.read(Path.of(where), keys);
    }

    private static Installation installation(Words words, RegistryClient client) throws IOException {
        Path cache = words.option("--cache").map(Path::of).orElseGet(() -> BlobCache.usual(System.getenv()));
        return Installation.in(
                Path.of(words.required("--folder")),
                CachedRegistry.of(BlobCache.at(cache, CACHE_SIZE), client),
                new PublisherCheck(keys(words), Set.of()));
    }
}
