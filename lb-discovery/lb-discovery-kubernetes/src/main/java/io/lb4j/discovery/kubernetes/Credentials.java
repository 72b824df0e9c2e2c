package io.lb4j.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.client.Config;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a kubeconfig says of its user, and the library makes nothing of, or nothing that could be told from no user at all. */
final class Credentials {
    private Credentials() {}

    /**
     * Completes what the library has read.
     *
     * @throws IOException if the context's user is not there, or has no credentials although it should
     */
    static void complete(Config config) throws IOException {
        nameAlgorithm(config);
        if (config.getCurrentContext() == null) {
            return;
        }
        String user = config.getCurrentContext().getContext().getUser();
        if (user == null || user.isEmpty()) {
            return;
        }
        File kubeconfig = config.getFileWithAuthInfo(); // which knows the user; none does where there is none
        Optional<AuthInfo> named = kubeconfig == null ? Optional.empty() : TokenFile.user(kubeconfig, user);
        if (named.isEmpty()) {
            throw new IOException("kubernetes: user: \"" + user + "\" (expected: one of the kubeconfig)");
        }
        boolean isGivenByProgram = named.get().getExec() != null;
        if (isGivenByProgram && isEmpty(config.getAutoOAuthToken()) && isEmpty(config.getClientCertData())) {
            throw new IOException("kubernetes: user: \"" + user + "\" (expected: a token, or a certificate, from "
                    + named.get().getExec().getCommand() + ", which has given neither)");
        }
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** The library takes a key for one of RSA unless it is told otherwise; the certificate says what it is. */
    private static void nameAlgorithm(Config config) throws IOException {
        try (InputStream certificate = certificate(config)) {
            if (certificate == null || config.getClientKeyAlgo() != null) {
                return;
            }
            String algorithm = CertificateFactory.getInstance("X.509")
                    .generateCertificate(certificate)
                    .getPublicKey()
                    .getAlgorithm();
            config.setClientKeyAlgo(algorithm);
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IOException("kubernetes: the user's client certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private static @Nullable InputStream certificate(Config config) throws IOException {
        if (!isEmpty(config.getClientCertData())) {
            return new ByteArrayInputStream(Base64.getMimeDecoder().decode(config.getClientCertData()));
        }
        return isEmpty(config.getClientCertFile()) ? null : Files.newInputStream(Path.of(config.getClientCertFile()));
    }
}
