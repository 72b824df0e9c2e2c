package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.NamedAuthInfo;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The token of a user whose kubeconfig names a file for it ({@code tokenFile}), which the library does not read. It is read for each request, since
 * such files are replaced while they are in use; where it cannot be, or is empty, the token read last is shown. It goes before a token in the
 * kubeconfig itself, as kubectl has it. Thread-safe.
 */
final class TokenFile implements OAuthTokenProvider {
    private final Path file;
    private volatile String last;

    private TokenFile(Path file, String first) {
        this.file = file;
        last = first;
    }

    /**
     * Has the requests of a client show the token in the file, if the kubeconfig names one for the user of its context.
     *
     * @throws IOException if the file holds no token and the kubeconfig has none either
     */
    static void follow(Config config) throws IOException {
        File kubeconfig = config.getFileWithAuthInfo();
        if (kubeconfig == null || config.getCurrentContext() == null) {
            return;
        }
        String user = config.getCurrentContext().getContext().getUser();
        Optional<AuthInfo> named = user(kubeconfig, user);
        if (named.isEmpty() || orEmpty(named.get().getTokenFile()).isEmpty()) {
            return;
        }
        Path file =
                kubeconfig.toPath().toAbsolutePath().resolveSibling(named.get().getTokenFile());
        TokenFile token = new TokenFile(file, orEmpty(named.get().getToken()));
        if (token.getToken().isEmpty()) {
            throw new IOException("kubernetes: tokenFile: " + file + " (expected: a file with a token)");
        }
        config.setOauthTokenProvider(token);
    }

    /** Returns what a kubeconfig says of a user. */
    static Optional<AuthInfo> user(File kubeconfig, @Nullable String name) throws IOException {
        return users(kubeconfig).getUsers().stream()
                .filter(each -> each.getName().equals(name))
                .map(NamedAuthInfo::getUser)
                .findFirst();
    }

    private static io.fabric8.kubernetes.api.model.Config users(File kubeconfig) throws IOException {
        try (InputStream text = Files.newInputStream(kubeconfig.toPath())) {
            return new KubernetesSerialization().unmarshal(text, io.fabric8.kubernetes.api.model.Config.class);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public String getToken() {
        try {
            String read = Files.readString(file).strip();
            if (!read.isEmpty()) {
                last = read;
            }
        } catch (IOException e) {
            return last; // while it is replaced, or for good: then the API server refuses the old one in time
        }
        return last;
    }
}
