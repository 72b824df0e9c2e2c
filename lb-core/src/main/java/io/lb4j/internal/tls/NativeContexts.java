package io.lb4j.internal.tls;

import io.lb4j.spi.Certificate;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;

/**
 * The contexts of netty-tcnative: one for each certificate, made when it is first needed, all with the same ticket keys. They are counted
 * by reference: a connection holds its own after the certificate has gone.
 */
final class NativeContexts implements ServerContexts {
    private final ServerContextRecipe recipe;
    private final TicketKeys ticketKeys;
    private final byte[] resumptionDomain;
    private final Runnable onRotation = this::setTicketKeys;
    private final Map<Certificate, SslContext> contexts = new ConcurrentHashMap<>();
    private volatile boolean closed;

    NativeContexts(ServerContextRecipe recipe, TicketKeys ticketKeys) {
        this.recipe = recipe;
        this.ticketKeys = ticketKeys;
        resumptionDomain = recipe.resumptionDomain();
        if (givesTickets()) {
            ticketKeys.addUser(onRotation);
        }
    }

    @Override
    public void prepare(Set<Certificate> certificates) {
        List<IllegalArgumentException> refusals = new ArrayList<>();
        try {
            for (Certificate certificate : certificates) {
                try {
                    contexts.computeIfAbsent(certificate, this::build);
                } catch (IllegalArgumentException e) {
                    refusals.add(e); // one bad certificate must not keep the others from being exchanged
                }
            }
            Set.copyOf(contexts.keySet()).stream()
                    .filter(certificate -> !certificates.contains(certificate))
                    .forEach(this::forget);
        } finally {
            forgetAllIfClosed(); // also where the next one could not be made for that reason
        }
        if (!refusals.isEmpty()) {
            refusals.stream().skip(1).forEach(refusals.get(0)::addSuppressed);
            throw refusals.get(0);
        }
    }

    @Override
    public SslHandler handler(Certificate certificate, ByteBufAllocator allocator) {
        while (true) {
            SslContext context = contexts.computeIfAbsent(certificate, this::build);
            try {
                ReferenceCountUtil.retain(context);
            } catch (IllegalReferenceCountException e) {
                // Forgotten between the two lines above, by another thread: another one is made.
                contexts.remove(certificate, context);
                continue;
            }
            try {
                return handlerOf(context, certificate, allocator);
            } finally {
                ReferenceCountUtil.release(context); // the handler's engine holds it now
                forgetAllIfClosed();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        ticketKeys.removeUser(onRotation);
        forgetAllIfClosed();
    }

    /** Another thread may close while a context is being made: whoever comes second, here or there, lets go of it. */
    private void forgetAllIfClosed() {
        if (closed) {
            Set.copyOf(contexts.keySet()).forEach(this::forget);
        }
    }

    private SslHandler handlerOf(SslContext context, Certificate certificate, ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        ReferenceCountedOpenSslEngine engine = (ReferenceCountedOpenSslEngine) handler.engine();
        if (OpenSsl.isOcspSupported()) {
            certificate.ocspResponse().ifPresent(engine::setOcspResponse);
        }
        if (!givesTickets()) {
            // By default Netty leaves tickets on, and a context has no option for it.
            SSL.setOptions(engine.sslPointer(), SSL.SSL_OP_NO_TICKET);
        }
        return handler;
    }

    private SslContext build(Certificate certificate) {
        if (closed) {
            throw new IllegalStateException("TLS contexts: closed");
        }
        try {
            SslContext context = recipe.applyTo(SslContextBuilder.forServer(certificate.key(), certificate.chain()))
                    .enableOcsp(OpenSsl.isOcspSupported()
                            && certificate.ocspResponse().isPresent())
                    .build();
            if (givesTickets()) {
                setTicketKeys(context);
            } else {
                ((OpenSslServerSessionContext) context.sessionContext()).setSessionCacheEnabled(false);
            }
            return context;
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("certificate " + certificate + ": refused by the TLS engine", e);
        }
    }

    private boolean givesTickets() {
        return recipe.settings().handshake().sessionTickets();
    }

    private void setTicketKeys() {
        contexts.values().forEach(this::setTicketKeys);
    }

    private void setTicketKeys(SslContext context) {
        ((OpenSslServerSessionContext) context.sessionContext())
                .setTicketKeys(ticketKeys.forDomain(resumptionDomain).stream()
                        .map(key -> new OpenSslSessionTicketKey(key.name(), key.macKey(), key.cipherKey()))
                        .toArray(OpenSslSessionTicketKey[]::new));
    }

    private void forget(Certificate certificate) {
        SslContext context = contexts.remove(certificate);
        if (context != null) {
            ReferenceCountUtil.release(context);
        }
    }
}
