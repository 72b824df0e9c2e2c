package io.lb4j.acme.internal.authority;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.Connection;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;
import org.shredzone.acme4j.toolbox.JSON;

/** What acme4j is told of an authority: all sessions share one HTTP client, and a directory is read once an hour. Thread-safe. */
final class AuthorityProvider extends GenericAcmeProvider {
    private static final Duration DIRECTORY_AGE = Duration.ofHours(1);

    /** Zero SSL and Google want this, whatever the length of the key would suggest. */
    private static final String HMAC = "HS256";

    private final HttpClient client;
    private final Refusals refusals;

    AuthorityProvider(HttpClient client, Refusals refusals) {
        this.client = client;
        this.refusals = refusals;
    }

    @Override
    public Connection connect(URI serverUri, NetworkSettings networkSettings, HttpClient httpClient) {
        return refusals.connection(createHttpConnector(networkSettings, httpClient));
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings networkSettings) {
        return client;
    }

    @Override
    public @Nullable JSON directory(Session session, URI serverUri) throws AcmeException {
        JSON directory = super.directory(session, serverUri);
        if (directory != null && session.getDirectoryExpires() == null) {
            // Authorities say nothing of how long it is good for, and acme4j would read it before each request.
            session.setDirectoryExpires(ZonedDateTime.now(ZoneOffset.UTC).plus(DIRECTORY_AGE));
        }
        return directory;
    }

    @Override
    public Optional<String> getProposedEabMacAlgorithm() {
        return Optional.of(HMAC);
    }
}
