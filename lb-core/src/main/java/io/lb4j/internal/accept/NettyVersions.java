package io.lb4j.internal.accept;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

/**
 * The Netty artifacts that a class loader sees, with their versions: the self-test that runs before anything is bound. Netty's
 * parts are released together and lean on each other's internals (JNI entry points among them), so a mixed set fails late and
 * obscurely, with an {@code UnsatisfiedLinkError} or a {@code NoSuchMethodError} in the middle of traffic.
 *
 * <p>Artifacts of other release lines (tcnative, the incubator) and relocated copies inside other libraries do not count.
 * Immutable, hence safe for use by several threads.
 */
public final class NettyVersions {

    private static final String RESOURCE = "META-INF/io.netty.versions.properties";
    private static final String SUFFIX = ".version";

    private final List<Artifact> artifacts;

    private NettyVersions(List<Artifact> artifacts) {
        this.artifacts = List.copyOf(artifacts);
    }

    /**
     * Reads the version files of all Netty jars that {@code loader} sees.
     *
     * @throws IOException if a version file cannot be read
     */
    public static NettyVersions seenBy(ClassLoader loader) throws IOException {
        var artifacts = new ArrayList<Artifact>();
        for (var urls = loader.getResources(RESOURCE); urls.hasMoreElements(); ) {
            URL url = urls.nextElement();
            var properties = new Properties();
            try (InputStream in = url.openStream()) {
                properties.load(in);
            }
            for (String key : properties.stringPropertyNames()) {
                if (key.endsWith(SUFFIX)) {
                    String name = key.substring(0, key.length() - SUFFIX.length());
                    artifacts.add(new Artifact(name, properties.getProperty(key, ""), url));
                }
            }
        }
        artifacts.removeIf(artifact -> !artifact.isReleasedWithNetty());
        artifacts.sort(Comparator.comparing(Artifact::name));
        return new NettyVersions(artifacts);
    }

    /**
     * Describes a mixed set.
     *
     * @return the versions in order, each followed by the artifacts that have it; empty if there is but one version
     * @throws IOException if a jar cannot be read
     */
    public Optional<String> mixture() throws IOException {
        if (byVersion(artifacts).size() < 2) {
            return Optional.empty();
        }
        // Opening jars is dear, so only a suspicion makes us look which of them are relocated copies.
        var genuine = new ArrayList<Artifact>();
        for (Artifact artifact : artifacts) {
            if (artifact.isGenuine()) {
                genuine.add(artifact);
            }
        }
        var versions = byVersion(genuine);
        if (versions.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(versions.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                .collect(Collectors.joining(
                        ", ",
                        "Netty: mixed versions ",
                        " (expected: one for all; import lb-bom ahead of other BOMs)")));
    }

    private static SortedMap<String, List<String>> byVersion(List<Artifact> artifacts) {
        return artifacts.stream()
                .collect(Collectors.groupingBy(
                        Artifact::version, TreeMap::new, Collectors.mapping(Artifact::name, Collectors.toList())));
    }

    /** One artifact, as the version file at {@code source} names it. */
    private record Artifact(String name, String version, URL source) {

        boolean isReleasedWithNetty() {
            return name.startsWith("netty-")
                    && !name.startsWith("netty-tcnative")
                    && !name.startsWith("netty-incubator")
                    && !name.startsWith("netty-contrib");
        }

        /** Whether the jar holds Netty under its own name; a relocated copy keeps the version file, but not the packages. */
        boolean isGenuine() throws IOException {
            URLConnection connection = source.openConnection();
            if (!(connection instanceof JarURLConnection jarConnection)) {
                return true;
            }
            // A jar of our own, not the JDK's cached one: closing that would close it under the class loader.
            jarConnection.setUseCaches(false);
            try (var jar = jarConnection.getJarFile()) {
                return jar.stream().map(ZipEntry::getName).anyMatch(Artifact::isNettys);
            }
        }

        private static boolean isNettys(String entry) {
            return entry.startsWith("io/netty/")
                    || entry.startsWith("META-INF/native/libnetty_")
                    || entry.startsWith("META-INF/native/netty_");
        }
    }
}
