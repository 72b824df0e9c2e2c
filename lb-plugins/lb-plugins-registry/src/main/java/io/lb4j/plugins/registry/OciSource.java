package io.lb4j.plugins.registry;

import io.lb4j.config.Settings;
import io.lb4j.plugins.registry.manifest.PluginManifest;
import io.lb4j.plugins.registry.oci.CachedRegistry;
import io.lb4j.plugins.registry.oci.Digest;
import io.lb4j.plugins.registry.oci.ImageReference;
import io.lb4j.plugins.registry.oci.ModuleImage;
import io.lb4j.plugins.registry.oci.RegistryClient;
import io.lb4j.plugins.registry.oci.RegistryException;
import io.lb4j.plugins.wasm.ModuleSource;
import io.lb4j.plugins.wasm.ModuleUse;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A module in an OCI registry. Confined to one thread at a time, but for {@link #close}. */
final class OciSource implements ModuleSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(OciSource.class);

    private final Settings settings;
    private final ImageReference image;
    private final PullPolicy policy;
    private final LongSupplier nanoClock;
    private @Nullable CachedRegistry opened; // guarded by this
    private boolean closed; // guarded by this
    private @Nullable Digest delivered;
    private long askedNanos;
    private Optional<String> trouble = Optional.empty(); // with what was asked last
    private Optional<PluginManifest> manifest = Optional.empty(); // of what was delivered

    OciSource(Settings settings, LongSupplier nanoClock) {
        this.settings = settings;
        this.image = settings.value(OciOptions.IMAGE);
        this.policy = settings.value(OciOptions.PULL);
        this.nanoClock = nanoClock;
    }

    @Override
    public Optional<byte[]> fetch(long maxOctets) throws IOException {
        if (delivered != null && !isDue()) {
            return Optional.empty();
        }
        askedNanos = nanoClock.getAsLong();
        trouble = Optional.empty();
        try {
            return ask(maxOctets);
        } catch (IOException e) {
            trouble = Optional.of(image + ": " + e.getMessage());
            throw e;
        }
    }

    /** What could not be had is not to be had until it is asked for again. */
    @Override
    public Optional<String> trouble() {
        return trouble;
    }

    private Optional<byte[]> ask(long maxOctets) throws IOException {
        CachedRegistry registry = registry();
        Digest found = resolve(registry);
        if (found.equals(delivered)) {
            return Optional.empty();
        }
        Optional<String> signer = OciOptions.check(settings).require(registry, image, found);
        ModuleImage fetched = ModuleImage.read(registry, image, found, maxOctets);
        Optional<byte[]> said = fetched.beside(registry, image, PluginManifest.MEDIA_TYPE, PluginManifest.LONGEST);
        manifest = said.isPresent() ? Optional.of(PluginManifest.parse(said.get())) : Optional.empty();
        delivered = found;
        LOGGER.info(
                "{} is {}, {}",
                image,
                found,
                signer.map(name -> "signed by " + name).orElse("whoever has made it"));
        return Optional.of(fetched.module());
    }

    @Override
    public void requireFit(ModuleUse use) throws IOException {
        if (manifest.isPresent()) {
            manifest.get().require(use);
        }
    }

    private boolean isDue() {
        boolean mayMove = image.digest().isEmpty() && policy == PullPolicy.ALWAYS;
        return mayMove
                && nanoClock.getAsLong() - askedNanos
                        >= settings.value(OciOptions.REFRESH).toNanos();
    }

    private Digest resolve(CachedRegistry registry) throws IOException {
        Optional<Digest> remembered = registry.remembered(image);
        if (remembered.isPresent() && (image.digest().isPresent() || policy != PullPolicy.ALWAYS)) {
            return remembered.get();
        }
        try {
            return registry.resolve(image);
        } catch (RegistryException e) {
            if (delivered != null || remembered.isEmpty() || e.reason() != RegistryException.Reason.UNREACHABLE) {
                throw e;
            }
            LOGGER.warn(
                    "{} cannot be asked for; it is taken to be {}, as it was: {}",
                    image,
                    remembered.get(),
                    e.getMessage());
            trouble = Optional.of(image + " cannot be asked for; it is taken to be as it was: " + e.getMessage());
            return remembered.get();
        }
    }

    private synchronized CachedRegistry registry() throws IOException {
        if (closed) {
            throw new IOException(image + ": closed (expected: open)");
        }
        CachedRegistry known = opened;
        if (known == null) {
            known = policy == PullPolicy.NEVER
                    ? CachedRegistry.offline(OciOptions.cache(settings))
                    : CachedRegistry.of(OciOptions.cache(settings), new RegistryClient(OciOptions.access(settings)));
            opened = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public String toString() {
        return image.toString();
    }
}
