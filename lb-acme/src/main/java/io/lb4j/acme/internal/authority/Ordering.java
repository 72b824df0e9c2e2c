package io.lb4j.acme.internal.authority;

import io.lb4j.acme.internal.archive.PendingOrder;
import io.lb4j.acme.model.AcmeFailure;
import io.lb4j.acme.model.AuthorityOptions;
import io.lb4j.acme.model.CertificateNames;
import io.lb4j.acme.model.ChallengeType;
import io.lb4j.acme.model.DomainName;
import io.lb4j.spi.Certificate;
import java.net.MalformedURLException;
import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.OrderBuilder;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.connector.Resource;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One certificate's way through an authority (RFC 8555 §7.4): order, validation, signing request, download. An order that a process before
 * this one has left is taken up again. Confined to one thread.
 */
final class Ordering {
    private static final Logger logger = LoggerFactory.getLogger(Ordering.class);

    private final Login login;
    private final OrderRequest request;
    private final AuthorityOptions options;
    private final Problems problems;
    private final ChallengeChoice choice;

    Ordering(Login login, OrderRequest request, AuthorityOptions options, Problems problems) {
        this.login = login;
        this.request = request;
        this.options = options;
        this.problems = problems;
        this.choice = new ChallengeChoice(request.solvers());
    }

    Certificate certificate() throws AcmeException, AcmeFailure, InterruptedException {
        while (true) {
            try {
                return attempt();
            } catch (AcmeFailure failure) {
                if (failure.kind() != AcmeFailure.Kind.LOCAL && failure.kind() != AcmeFailure.Kind.OVERTAKEN) {
                    request.journal().forget();
                }
                if (!isWorthAnotherChallenge(failure)) {
                    throw failure;
                }
            }
        }
    }

    /** An authorization that has failed takes its order along (RFC 8555 §7.1.6): another kind of challenge needs another order. */
    private boolean isWorthAnotherChallenge(AcmeFailure failure) {
        Optional<String> name = failure.details().name();
        Optional<ChallengeType> challenge = failure.details().challenge();
        return failure.kind() == AcmeFailure.Kind.CHALLENGE_FAILED
                && name.isPresent()
                && challenge.isPresent()
                && choice.exclude(DomainName.of(name.get()), challenge.get());
    }

    private Certificate attempt() throws AcmeException, AcmeFailure, InterruptedException {
        Optional<PendingOrder> pending = request.journal().pending();
        Optional<Order> known = pending.isPresent() ? known(pending.get()) : Optional.empty();
        Order order = known.isPresent() ? known.get() : made();
        Optional<KeyPair> key = known.isPresent() ? pending.flatMap(PendingOrder::key) : Optional.empty();

        if (order.getStatus() == Status.PENDING) {
            new Validation(order, choice, problems).run();
            expect(order, Set.of(Status.READY, Status.VALID, Status.INVALID));
        }
        if (order.getStatus() == Status.READY) {
            KeyPair fresh = key.orElseGet(request.key());
            key = Optional.of(fresh);
            remember(order, key);
            finish(order, fresh);
        }
        if (order.getStatus() != Status.VALID) {
            expect(order, Set.of(Status.VALID, Status.INVALID));
        }
        return downloaded(order, key.isPresent() ? key.get() : keyOfOthers(order));
    }

    private void finish(Order order, KeyPair key) throws AcmeException, AcmeFailure {
        try {
            order.execute(key);
        } catch (AcmeServerException e) {
            if (!Problems.isPassing(e)) {
                // A key that is refused once is refused again, and another one may be configured by then.
                request.journal().forget();
            }
            throw e;
        }
    }

    /** Somebody else has finished the order with a key of theirs: whoever held the lock meanwhile. */
    private KeyPair keyOfOthers(Order order) throws AcmeFailure {
        remember(order, Optional.empty()); // fails where the lock was lost
        String message = request.names() + ": the order was finished with a key that is not known; another one is made";
        throw new AcmeFailure(AcmeFailure.Kind.UNREACHABLE, message, AcmeFailure.Details.NONE);
    }

    private void expect(Order order, Set<Status> ends) throws AcmeException, AcmeFailure, InterruptedException {
        Status status = Polling.poll(order, ends);
        if (status == Status.INVALID || !ends.contains(status)) {
            throw problems.ofOrder(request.names().toString(), order.getError());
        }
    }

    /** Returns the order that was begun before, if it can still come to something with the key that is known. */
    private Optional<Order> known(PendingOrder pending) throws AcmeException, AcmeFailure {
        if (pending.location().isEmpty()) {
            return new LostOrder(login, request.names()).find();
        }
        try {
            Order order = login.bindOrder(pending.location().get().toURL());
            order.fetch();
            boolean isOpen = order.getStatus() == Status.PENDING || order.getStatus() == Status.READY;
            boolean isUnderWay = order.getStatus() == Status.PROCESSING || order.getStatus() == Status.VALID;
            if (isOpen || (isUnderWay && pending.key().isPresent())) {
                return Optional.of(order);
            }
        } catch (MalformedURLException e) {
            logger.debug("{}: an order without an address is another authority's", request.names(), e);
        } catch (AcmeServerException e) {
            if (Problems.isPassing(e)) {
                throw e; // the order may be there as well as ever
            }
            logger.info("{}: the authority no longer knows the order: {}", request.names(), e.getMessage());
        }
        request.journal().forget();
        return Optional.empty();
    }

    private Order made() throws AcmeException, AcmeFailure {
        request.journal().remember(PendingOrder.BEGUN);
        Order order = created();
        remember(order, Optional.empty());
        return order;
    }

    private void remember(Order order, Optional<KeyPair> key) throws AcmeFailure {
        URI location = URI.create(order.getLocation().toString());
        request.journal().remember(new PendingOrder(Optional.of(location), key));
    }

    private Order created() throws AcmeException {
        Optional<X509Certificate> replaced = request.replaces();
        if (replaced.isPresent()
                && login.getSession().resourceUrlOptional(Resource.RENEWAL_INFO).isPresent()) {
            try {
                return builder().replaces(replaced.get()).create();
            } catch (AcmeServerException e) {
                if (Problems.isPassing(e)) {
                    throw e;
                }
                // Replaced before, or ordered by another account (RFC 9773 §5): it is a new certificate then.
                logger.info(
                        "{}: the authority does not take it for a replacement: {}", request.names(), e.getMessage());
            }
        }
        return builder().create();
    }

    private OrderBuilder builder() {
        OrderBuilder builder = login.newOrder();
        identifiers(request.names()).forEach(builder::identifier);
        options.profile().ifPresent(builder::profile);
        return builder;
    }

    static List<Identifier> identifiers(CertificateNames names) {
        return names.names().stream()
                .map(name -> name.isAddress() ? Identifier.ip(name.text()) : Identifier.dns(name.text()))
                .toList();
    }

    private Certificate downloaded(Order order, KeyPair key) throws AcmeException, AcmeFailure {
        org.shredzone.acme4j.Certificate issued = order.getCertificate();
        issued.download();
        Optional<String> wanted = options.preferredChain();
        List<X509Certificate> chain = issued.getCertificateChain();
        if (wanted.isPresent() && !leadsTo(chain, wanted.get())) {
            for (org.shredzone.acme4j.Certificate other : issued.getAlternateCertificates()) {
                other.download();
                if (leadsTo(other.getCertificateChain(), wanted.get())) {
                    chain = other.getCertificateChain();
                    break;
                }
            }
        }
        Certificate certificate = new Certificate(key.getPrivate(), chain);
        if (!chain.get(0).getPublicKey().equals(key.getPublic())
                || !request.names().areAmong(certificate.names())) {
            request.journal().forget();
            String message = request.names() + ": " + options.directory().name() + " has issued something else: "
                    + certificate + " (expected: these names, and the key that was sent)";
            throw new AcmeFailure(AcmeFailure.Kind.UNREACHABLE, message, AcmeFailure.Details.NONE);
        }
        return certificate;
    }

    private static boolean leadsTo(List<X509Certificate> chain, String issuer) {
        String commonName = "CN=" + issuer;
        return chain.stream()
                .map(certificate -> certificate.getIssuerX500Principal().getName())
                .anyMatch(name -> name.equals(commonName) || name.startsWith(commonName + ","));
    }
}
