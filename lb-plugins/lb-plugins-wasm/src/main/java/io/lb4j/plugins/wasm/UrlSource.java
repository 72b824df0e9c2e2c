package io.lb4j.plugins.wasm;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;

/** A module on a server, which its digest pins: it is fetched once. Confined to one thread at a time. */
final class UrlSource implements ModuleSource {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final URI address;
    private boolean fetched;

    UrlSource(URI address) {
        this.address = address;
    }

    @Override
    public Optional<byte[]> fetch(long maxOctets) throws IOException {
        if (fetched) {
            return Optional.empty();
        }
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        try {
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setInstanceFollowRedirects(false); // the digest would hold, but who is asked would not
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException(this + ": status " + connection.getResponseCode() + " (expected: 200)");
            }
            try (InputStream in = connection.getInputStream()) {
                byte[] octets = in.readNBytes((int) Math.min(maxOctets + 1, Integer.MAX_VALUE - 8));
                if (octets.length > maxOctets) {
                    throw new IOException(this + ": more than " + maxOctets + " octets (the limit)");
                }
                fetched = true;
                return Optional.of(octets);
            }
        } finally {
            connection.disconnect();
        }
    }

    /** Returns the address without its query, which may hold a secret. */
    @Override
    public String toString() {
        return address.getScheme() + "://" + address.getAuthority() + address.getPath();
    }
}
