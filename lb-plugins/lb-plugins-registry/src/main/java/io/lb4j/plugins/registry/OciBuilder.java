package io.lb4j.plugins.registry;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Describes a module in an OCI registry. */
public final class OciBuilder extends PartBuilder<OciBuilder> {
    OciBuilder() {
        super(new Draft(OciOptions.SECTION));
    }

    @Override
    protected OciBuilder self() {
        return this;
    }

    /** Sets the image: {@code oci://host/name:tag}, {@code oci://host/name@sha256:…}, or both. Required. */
    public OciBuilder image(String reference) {
        return setText(OciOptions.IMAGE, reference, "image");
    }

    /** Sets when the registry is asked what the image's tag means. Default: {@link PullPolicy#ALWAYS}. */
    public OciBuilder pull(PullPolicy policy) {
        return set(OciOptions.PULL, policy, "pull");
    }

    /** Sets how often the registry is asked whether the tag means another image. Default: each minute. */
    public OciBuilder refresh(Duration interval) {
        return set(OciOptions.REFRESH, interval, "refresh");
    }

    /** Sets whether the registry is spoken to over TLS. Default: it is, but on this machine. */
    public OciBuilder tls(boolean secured) {
        return set(OciOptions.TLS, secured, "tls");
    }

    /** Sets a file with certificates in PEM of those who may sign the registry's. Default: those of the JDK may. */
    public OciBuilder authorities(Path file) {
        return set(OciOptions.AUTHORITIES, file, "authorities");
    }

    /** Sets the file that {@code docker login} has left credentials in. Default: {@code config.json} in {@code $DOCKER_CONFIG}, or in {@code ~/.docker}, if it is there. */
    public OciBuilder dockerConfig(Path file) {
        return set(OciOptions.DOCKER_CONFIG, file, "dockerConfig");
    }

    /** Sets who logs in. Default: Docker's configuration says it. */
    public OciBuilder credentials(String user, String password) {
        set(OciOptions.USER, user, "credentials");
        return set(OciOptions.PASSWORD, password, "credentials");
    }

    /** Sets how long the registry may take for one answer, its body included. Default: a minute. */
    public OciBuilder timeout(Duration time) {
        return set(OciOptions.TIMEOUT, time, "timeout");
    }

    /** Adds a publisher's public key, in PEM, with P-256 or Ed25519; one of those that are added has to have signed the image. Default: nobody has to. */
    public OciBuilder key(String name, Path file) {
        return put(OciOptions.KEYS, name, file, "key");
    }

    /** Adds manifests that are refused, whoever has signed them. Default: none. */
    public OciBuilder revoked(String... digests) {
        return addTexts(OciOptions.REVOKED, List.of(digests), "revoked");
    }

    /** Sets the folder that keeps what was pulled. Default: {@code lb4j/registry} in {@code $XDG_CACHE_HOME}, or in {@code ~/.cache}. */
    public OciBuilder cache(Path folder) {
        return set(OciOptions.CACHE, folder, "cache");
    }

    /** Sets how many octets the folder may keep; beyond that, what has not been used for longest goes. Default: 1 GiB. */
    public OciBuilder cacheSize(long octets) {
        return set(OciOptions.CACHE_SIZE, octets, "cacheSize");
    }
}
