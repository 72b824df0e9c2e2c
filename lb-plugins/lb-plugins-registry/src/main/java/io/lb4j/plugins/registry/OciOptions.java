package io.lb4j.plugins.registry;

import io.lb4j.config.Draft;
import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.config.Shorthand;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.registry.oci.BlobCache;
import io.lb4j.plugins.registry.oci.CredentialSource;
import io.lb4j.plugins.registry.oci.Credentials;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.DockerConfig;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.RegistryAccess;
import io.lb4j.plugins.registry.sign.PublisherCheck;
import io.lb4j.plugins.registry.sign.TrustedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be configured of a module in an OCI registry. */
final class OciOptions {
    private static final long MEGABYTE = 1 << 20;

    static final Option<ImageReference> IMAGE = Option.of(
                    "image",
                    OptionTypes.text(
                            ImageReference.class,
                            ImageReference.EXPECTED,
                            ImageReference::parse,
                            ImageReference::toString),
                    "Image that holds the module.")
            .required()
            .build();

    static final Option<PullPolicy> PULL = Option.of(
                    "pull",
                    OptionTypes.oneOf(PullPolicy.class),
                    "When the registry is asked what the image's tag means.")
            .defaultsTo(PullPolicy.ALWAYS)
            .build();

    static final Option<Duration> REFRESH = Option.of(
                    "refresh",
                    ModelTypes.time(),
                    "How often the registry is asked whether the tag means another image.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    static final Option<Boolean> TLS = Option.of(
                    "tls", OptionTypes.bool(), "Whether the registry is spoken to over TLS.")
            .absentMeans("it is, but on this machine: localhost, 127.0.0.1, [::1]")
            .build();

    static final Option<Path> AUTHORITIES = Option.of(
                    "authorities",
                    OptionTypes.file(),
                    "File with certificates in PEM of those who may sign the registry's.")
            .absentMeans("those of the JDK may")
            .build();

    static final Option<Path> DOCKER_CONFIG = Option.of(
                    "docker_config", OptionTypes.file(), "File that docker login has left credentials in.")
            .absentMeans("config.json in $DOCKER_CONFIG, or in ~/.docker, if it is there")
            .build();

    static final Option<String> USER = Option.of("user", OptionTypes.string("a name"), "Who logs in.")
            .absentMeans("docker_config says it")
            .build();

    static final Option<String> PASSWORD = Option.of(
                    "password", OptionTypes.string("a password"), "The user's password, or a token in its place.")
            .absentMeans("docker_config says it")
            .secret()
            .build();

    static final Option<Duration> TIMEOUT = Option.of(
                    "timeout", ModelTypes.time(), "How long the registry may take for one answer, its body included.")
            .defaultsTo(Duration.ofMinutes(1))
            .build();

    static final Option<Path> CACHE = Option.of(
                    "cache",
                    OptionTypes.text(Path.class, "a folder", Path::of, Path::toString),
                    "Folder that keeps what was pulled; several processes can share it.")
            .absentMeans("lb4j/registry in $XDG_CACHE_HOME, or in ~/.cache")
            .build();

    static final Option<Long> CACHE_SIZE = Option.of(
                    "cache_size", OptionTypes.size(MEGABYTE, Long.MAX_VALUE), "Octets that the folder may keep.")
            .defaultsTo(1024 * MEGABYTE)
            .build();

    static final Option<Map<String, Path>> KEYS = Option.of(
                    "keys",
                    OptionTypes.map("names", OptionTypes.file()),
                    "Public keys of publishers, by names of one's own: files in PEM, with P-256 or Ed25519. One of them has to have signed the image.")
            .absentMeans("nobody has to have signed it: whoever may push to the registry decides what runs")
            .build();

    static final Option<List<Digest>> REVOKED = Option.of(
                    "revoked",
                    OptionTypes.list(OptionTypes.text(
                            Digest.class, "sha256: and 64 hexadecimal digits", Digest::parse, Digest::toString)),
                    "Manifests that are refused, whoever has signed them.")
            .defaultsTo(List.of())
            .build();

    static final Section SECTION = Section.of("oci", "A module in an OCI registry.")
            .options(IMAGE, PULL, REFRESH, TLS, AUTHORITIES, DOCKER_CONFIG, USER, PASSWORD, TIMEOUT)
            .options(CACHE, CACHE_SIZE, KEYS, REVOKED)
            .shorthand(new Shorthand(ImageReference.EXPECTED, OciOptions::fill))
            .atMostOneOf(DOCKER_CONFIG, USER)
            .rule(OciOptions::requireBoth)
            .build();

    private OciOptions() {}

    private static void fill(Draft draft, String text, Origin origin) {
        draft.set(IMAGE, ImageReference.parse(text), origin);
    }

    private static void requireBoth(Settings settings, Scope scope) {
        require(settings, scope, USER, PASSWORD);
        require(settings, scope, PASSWORD, USER);
    }

    private static void require(Settings settings, Scope scope, Option<String> given, Option<String> other) {
        if (settings.isSet(given) && !settings.isSet(other)) {
            String expected = "with " + given.name() + ": " + other.type().expected();
            scope.at(other.name()).report(Fault.Code.MISSING, "missing", expected, settings.origin(given));
        }
    }

    static RegistryAccess access(Settings settings) {
        return new RegistryAccess(
                settings.find(TLS), settings.find(AUTHORITIES), credentials(settings), settings.value(TIMEOUT));
    }

    private static CredentialSource credentials(Settings settings) {
        if (settings.isSet(USER)) {
            Optional<Credentials> own = Optional.of(new Credentials(settings.value(USER), settings.value(PASSWORD)));
            return host -> own;
        }
        return DockerConfig.in(settings.find(DOCKER_CONFIG).orElseGet(() -> DockerConfig.usual(System.getenv())));
    }

    /** Returns who has to have signed. The keys are read anew each time, so that a file that is gone is trusted no longer. */
    static PublisherCheck check(Settings settings) throws IOException {
        List<TrustedKey> keys = new ArrayList<>();
        for (Map.Entry<String, Path> each : settings.find(KEYS).orElse(Map.of()).entrySet()) {
            keys.add(TrustedKey.read(each.getKey(), each.getValue()));
        }
        return new PublisherCheck(keys, Set.copyOf(settings.value(REVOKED)));
    }

    static BlobCache cache(Settings settings) throws IOException {
        Path folder = settings.find(CACHE).orElseGet(() -> BlobCache.usual(System.getenv()));
        try {
            return BlobCache.at(folder, settings.value(CACHE_SIZE));
        } catch (IOException e) {
            throw new IOException("cache: " + folder + " (expected: a folder that can be written to): " + e, e);
        }
    }
}
