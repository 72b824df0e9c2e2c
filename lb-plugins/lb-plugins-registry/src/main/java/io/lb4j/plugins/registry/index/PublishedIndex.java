package io.lb4j.plugins.registry.index;

import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.registry.oci.RegistryException.Reason;
import io.lb4j.plugins.registry.sign.TrustedKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where an index is published: a file, or the file of a web server. */
public final class PublishedIndex {
    private static final int LONGEST = 16 << 20;

    private PublishedIndex() {}

    /**
     * Reads an index from a file.
     *
     * @throws RegistryException if nobody who is trusted has signed it, or it cannot be read
     */
    public static PluginIndex read(Path file, List<TrustedKey> keys) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] octets = in.readNBytes(LONGEST + 1);
            if (octets.length > LONGEST) {
                throw new RegistryException(Reason.TOO_LARGE, file + ": more than " + LONGEST + " octets");
            }
            return PluginIndex.open(octets, keys);
        }
    }

    /**
     * Fetches an index.
     *
     * @param address of https, or of http on this machine
     * @throws RegistryException if it cannot be had, or nobody who is trusted has signed it, or it cannot be read
     */
    public static PluginIndex fetch(URI address, RegistryClient client, List<TrustedKey> keys) throws IOException {
        return PluginIndex.open(client.document(address, LONGEST), keys);
    }
}
