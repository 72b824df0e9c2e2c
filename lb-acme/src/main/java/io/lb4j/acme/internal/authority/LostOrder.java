package io.lb4j.acme.internal.authority;

import io.lb4j.acme.model.CertificateNames;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.shredzone.acme4j.Identifier;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeLazyLoadingException;
import org.shredzone.acme4j.exception.AcmeProtocolException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for an order whose address nobody knows, because whoever made it died before the answer came: in the account's list (RFC 8555 §7.1.2.1), where the
 * authority keeps one. Confined to one thread.
 */
final class LostOrder {
    private static final Logger logger = LoggerFactory.getLogger(LostOrder.class);
    private static final int LONGEST_LIST = 1_000;
    private static final int LOOKED_AT = 50;

    private final Login login;
    private final CertificateNames names;

    LostOrder(Login login, CertificateNames names) {
        this.login = login;
        this.names = names;
    }

    /** Returns the order, if there is one that can be gone on with. */
    Optional<Order> find() {
        try {
            Set<Identifier> wanted = new HashSet<>(Ordering.identifiers(names));
            for (Order order : lastOnes()) {
                order.fetch();
                boolean isOpen = order.getStatus() == Status.PENDING || order.getStatus() == Status.READY;
                if (isOpen && new HashSet<>(order.getIdentifiers()).equals(wanted)) {
                    logger.info("{}: an order that was cut off is taken up again: {}", names, order.getLocation());
                    return Optional.of(order);
                }
            }
        } catch (AcmeException | AcmeLazyLoadingException | AcmeProtocolException e) {
            // Most authorities keep no list. A second order is no harm, and no worse than none.
            logger.debug("{}: orders that were cut off cannot be looked for: {}", names, e.getMessage());
        }
        return Optional.empty();
    }

    /** Returns the youngest of the orders, the youngest first. */
    private Deque<Order> lastOnes() {
        Deque<Order> last = new ArrayDeque<>();
        Iterator<Order> all = login.getAccount().getOrders();
        for (int i = 0; i < LONGEST_LIST && all.hasNext(); i++) {
            last.addFirst(all.next());
            if (last.size() > LOOKED_AT) {
                last.removeLast();
            }
        }
        return last;
    }
}
